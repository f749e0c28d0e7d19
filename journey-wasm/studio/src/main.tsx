// Puts the studio into the page.
import { render } from "preact";
import { App } from "./app";
import { begin } from "./store";
import "./styles.css";

const place = document.getElementById("app");
if (place) render(<App />, place);
void begin();
