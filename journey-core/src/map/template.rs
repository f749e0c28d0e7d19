//! Starter maps, with comments that say what goes where.

use super::{MapData, MapKind};

impl MapData {
    /// A starter map of this kind as YAML, with comments; change what is there and delete what does not apply.
    ///
    /// The stages are awareness, consideration, decision, purchase and post-purchase, of a day in the life the parts of the
    /// day. No code depends on these names.
    ///
    /// ```
    /// use journey_core::{JourneyMap, MapData, MapKind};
    ///
    /// let text = MapData::template(MapKind::FutureState);
    /// let map = JourneyMap::from_yaml(&text)?;
    /// assert_eq!(map.baseline().unwrap().name, "Our journey");
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    #[must_use]
    pub fn template(kind: MapKind) -> String {
        match kind {
            MapKind::CurrentState => include_str!("../../templates/maps/current_state.yaml"),
            MapKind::FutureState => include_str!("../../templates/maps/future_state.yaml"),
            MapKind::DayInTheLife => include_str!("../../templates/maps/day_in_the_life.yaml"),
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "yaml")]
    fn every_template_is_a_map_of_its_kind() {
        for kind in MapKind::ALL {
            let map = crate::JourneyMap::from_yaml(&MapData::template(kind)).unwrap();
            assert_eq!(map.kind(), kind);
            assert!(map.touchpoints().any(|touchpoint| touchpoint.moment_of_truth));
        }
    }

    #[test]
    fn a_kind_is_known_by_its_name() {
        for kind in MapKind::ALL {
            assert_eq!(kind.name().parse::<MapKind>().unwrap(), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        let error = "future".parse::<MapKind>().unwrap_err();
        assert!(error.to_string().ends_with("did you mean `future_state`?"), "{error}");
    }
}
