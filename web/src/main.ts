// One module for both: anywidget takes `render`; in the standalone page the page opens itself.

import { openPage } from "./page";
import { render } from "./widget";

const host = document.getElementById("tk-page");
const data = document.getElementById("tk-page-data");
if (host && data) void openPage(host, data);

export default { render };
