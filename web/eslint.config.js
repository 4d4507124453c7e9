import tseslint from "typescript-eslint";

export default tseslint.config(
  { files: ["src/**/*.ts", "tests/**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // As for Python: a module that grows beyond this has two jobs.
      "max-lines": ["error", 330],
      // Numbers in texts are what most texts here hold.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Typed arrays of equal length are indexed all over; their elements are never missing.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "no-restricted-properties": ["error",
        { property: "innerHTML" }, { property: "outerHTML" }, { property: "insertAdjacentHTML" },
        { object: "document", property: "write" }],
      "no-eval": "error",
      "eqeqeq": "error",
    } },
  { files: ["build.mjs"], extends: [tseslint.configs.base] },
);
