// Puts the studio into the page.
import { render } from "preact";
import { App, loadEditor } from "./app";
import { takeDrops } from "./loading";
import { pause } from "./parts/pieces";
import { begin } from "./store";
import "./styles.css";

// After the script was evaluated, which takes its time by itself; what is loaded later imports of this script, and may not wait
// for its end.
void pause().then(() => {
  const place = document.getElementById("app");
  if (place) render(<App />, place);
  takeDrops();
  return begin(loadEditor);
});
