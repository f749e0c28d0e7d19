// Puts the studio into the page.
import { render } from "preact";
import { App, loadEditor } from "./app";
import { pause } from "./parts/pieces";
import { begin } from "./store";
import "./styles.css";

// After the script was evaluated, which takes its time by itself.
await pause();
const place = document.getElementById("app");
if (place) render(<App />, place);
await begin(loadEditor);
