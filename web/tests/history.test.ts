import { describe, expect, it } from "vitest";
import type { App } from "../src/app";
import type { TopicEdit } from "../src/backend";
import { History } from "../src/history";
import { START, type Patch, type State } from "../src/rules";

/** An app that changes its state and writes down which edits of the topics it was asked for. */
function makeApp(): {
  history: History; state: State; deeds: string[]; said: string[]; edit: () => void; change: (patch: Patch) => void;
} {
  const state: State = { ...START };
  const deeds: string[] = [];
  const said: string[] = [];
  const app = {
    root: { addEventListener: () => undefined }, state,
    change: (patch: Patch) => {
      history.note(Object.keys(patch) as (keyof State)[]);
      Object.assign(state, patch);
    },
    editTopics: ({ action }: TopicEdit) => {
      deeds.push(action);
      if (action !== "undo" && action !== "redo") history.edited();
    },
    say: (text: string) => said.push(text),
  };
  const history = new History(app as unknown as App);
  const edit = (): void => app.editTopics({ action: "merge", topics: [1, 2] });
  return { history, state, deeds, said, edit, change: app.change };
}

describe("what was done is taken back and done again in order", () => {
  it("filters and edits of the topics alike", () => {
    const { history, state, deeds, said, edit, change } = makeApp();
    change({ code: ["linked"] });
    edit();
    change({ upvotes: 5 });
    history.undo();
    expect([state.code, state.upvotes, deeds]).toEqual([["linked"], null, ["merge"]]);
    history.undo();
    history.undo();
    expect([state.code, deeds]).toEqual([[], ["merge", "undo"]]);
    history.undo();
    expect(said).toEqual(["Nothing to undo."]);
    history.redo();
    history.redo();
    expect([state.code, state.upvotes, deeds]).toEqual([["linked"], null, ["merge", "undo", "redo"]]);
    history.redo();
    history.redo();
    expect([state.upvotes, said]).toEqual([5, ["Nothing to undo.", "Nothing to do again."]]);
    history.undo();
    history.undo();
    expect(deeds).toEqual(["merge", "undo", "redo", "undo"]);
  });

  it("a new edit or filter forgets what was taken back", () => {
    const { history, deeds, said, edit } = makeApp();
    edit();
    history.undo();
    edit();
    history.redo();
    expect([deeds, said]).toEqual([["merge", "undo", "merge"], ["Nothing to do again."]]);
  });

  it("the buttons take edits alone, whatever was filtered since", () => {
    const { history, state, deeds, edit, change } = makeApp();
    edit();
    change({ upvotes: 5 });
    history.undoEdit();
    expect([state.upvotes, deeds]).toEqual([5, ["merge", "undo"]]);
    // The filter is now the only deed that Ctrl+Z takes back.
    history.undo();
    history.undo();
    expect([state.upvotes, deeds]).toEqual([null, ["merge", "undo"]]);
    history.redoEdit();
    history.undo();
    expect(deeds).toEqual(["merge", "undo", "redo", "undo"]);
  });
});
