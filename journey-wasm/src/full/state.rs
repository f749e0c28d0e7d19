//! What is known of journeys without them: states, and the monitors that make them.

use journey_core as core;
use wasm_bindgen::prelude::*;

use super::convert::{argument, binary};
use crate::convert::{options, throw, to_js};
use crate::handles::EventLog;

/// What is known of journeys without keeping them: states of parts merge into the state of the whole.
#[wasm_bindgen]
#[derive(Debug)]
pub struct State(core::State);

#[wasm_bindgen]
impl State {
    /// A state of no journeys, which keeps what the options say.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "StateOptions")] options: &JsValue,
    ) -> Result<State, JsValue> {
        core::State::new(&self::options(options)?).map(Self).map_err(throw)
    }

    /// Takes in the journeys of a log. Those of one customer must be whole.
    pub fn update(&mut self, log: &EventLog) -> Result<(), JsValue> {
        self.0.update(&log.0).map_err(throw)
    }

    /// Takes in the journeys of another state, which has the same options.
    pub fn merge(&mut self, other: &State) -> Result<(), JsValue> {
        self.0.merge(&other.0).map_err(throw)
    }

    /// Takes in the journeys of another state, from its bytes.
    #[wasm_bindgen(js_name = mergeBytes)]
    pub fn merge_bytes(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ArrayBuffer | ArrayBufferView")] content: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.merge_bytes(&binary(content)?).map_err(throw)
    }

    /// The state as bytes; states of the same journeys and options give the same bytes.
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Reads the bytes that `toBytes` gave, options included.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(
        #[wasm_bindgen(unchecked_param_type = "ArrayBuffer | ArrayBufferView")] content: &JsValue,
    ) -> Result<State, JsValue> {
        core::State::from_bytes(&binary(content)?).map(Self).map_err(throw)
    }

    /// What the state keeps.
    #[wasm_bindgen(getter, unchecked_return_type = "StateOptions")]
    pub fn options(&self) -> Result<JsValue, JsValue> {
        to_js(self.0.options())
    }

    /// How many journeys were taken in.
    #[wasm_bindgen(getter, unchecked_return_type = "number")]
    pub fn journeys(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.journeys())
    }

    /// How many events they have.
    #[wasm_bindgen(getter, unchecked_return_type = "number")]
    pub fn events(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.events())
    }

    /// How far a quantile of times may be off, as a share of it.
    #[wasm_bindgen(getter, js_name = quantileError)]
    pub fn quantile_error(&self) -> f64 {
        self.0.quantile_error()
    }

    /// What the journeys hold.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SummaryOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.0.summary(&self::options(options)?).map_err(throw)?)
    }

    /// Which touchpoint directly follows which.
    #[wasm_bindgen(unchecked_return_type = "Transitions")]
    pub fn transitions(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "TransitionsOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.0.transitions(&self::options(options)?).map_err(throw)?)
    }

    /// Where customers lose time and where they are lost.
    #[wasm_bindgen(unchecked_return_type = "Bottlenecks")]
    pub fn bottlenecks(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "BottleneckOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.0.bottlenecks(&self::options(options)?).map_err(throw)?)
    }

    /// Where journeys end.
    #[wasm_bindgen(js_name = dropOffs, unchecked_return_type = "DropOffs")]
    pub fn drop_offs(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "DropOffOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.0.drop_offs(&self::options(options)?).map_err(throw)?)
    }

    /// Where customers are at each step from the start.
    #[wasm_bindgen(js_name = stepMatrix, unchecked_return_type = "StepMatrix")]
    pub fn step_matrix(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "StepMatrixOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.0.step_matrix(&self::options(options)?).map_err(throw)?)
    }

    /// How far customers get through the steps of the state's options.
    #[wasm_bindgen(unchecked_return_type = "Funnel")]
    pub fn funnel(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.funnel().map_err(throw)?)
    }

    /// The scores that customers gave at each touchpoint.
    #[wasm_bindgen(unchecked_return_type = "TouchpointScores")]
    pub fn scores(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ScoresOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        to_js(&self.0.scores(&self::options(options)?).map_err(throw)?)
    }
}

/// Makes journeys from a stream of events and keeps a `State` of those that are closed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Monitor(core::Monitor);

#[wasm_bindgen]
impl Monitor {
    /// A monitor that has seen nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "MonitorOptions")] options: &JsValue,
    ) -> Result<Monitor, JsValue> {
        core::Monitor::new(&self::options(options)?).map(Self).map_err(throw)
    }

    /// Takes in the next events of the stream, all of them or, if one is refused, none.
    pub fn feed(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "readonly StreamEvent[]")] events: &JsValue,
    ) -> Result<(), JsValue> {
        let events: Vec<core::StreamEvent> = argument(events, "events")?;
        self.0.feed_data(&events).map_err(throw)
    }

    /// Takes in the events of a log, in the order of time; attributes and values stay behind.
    #[wasm_bindgen(js_name = feedLog)]
    pub fn feed_log(&mut self, log: &EventLog) -> Result<(), JsValue> {
        self.0.feed_log(&log.0).map_err(throw)
    }

    /// Says that the stream is known up to a time: what has been silent for long enough is closed.
    #[wasm_bindgen(js_name = advanceTo)]
    pub fn advance_to(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string | Date")] time: &JsValue,
    ) -> Result<(), JsValue> {
        let time: String = argument(time, "time")?;
        time.parse().and_then(|time| self.0.advance_to(time)).map_err(throw)
    }

    /// Closes every journey, as at the end of the stream.
    #[wasm_bindgen(js_name = closeAll)]
    pub fn close_all(&mut self) -> Result<(), JsValue> {
        self.0.close_all().map_err(throw)
    }

    /// What is known of the closed journeys: a state of its own, which later events do not change.
    pub fn state(&self) -> State {
        State(self.0.state().clone())
    }

    /// What is known of all journeys, the open ones as if they were closed here.
    #[wasm_bindgen(js_name = stateWithOpen)]
    pub fn state_with_open(&self) -> Result<State, JsValue> {
        self.0.state_with_open().map(State).map_err(throw)
    }

    /// How the monitor stands.
    #[wasm_bindgen(unchecked_return_type = "MonitorStatus")]
    pub fn status(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.status())
    }
}
