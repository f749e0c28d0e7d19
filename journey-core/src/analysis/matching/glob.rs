//! Names with `*` and `?`.

/// Whether a name is as a pattern says, in which `*` stands for any letters or none and `?` for one; a letter is a
/// Unicode scalar value. O(name × pattern) at worst: only the last `*` is ever tried again, since whatever an earlier one
/// could take the last one can take as well.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    // After the last star, and the letters from which what follows it was tried.
    let mut star = None;
    loop {
        let fits = match pattern.next() {
            Some('*') => {
                star = Some((pattern.clone(), name.clone()));
                true
            }
            Some(wanted) => match name.next() {
                Some(letter) => wanted == '?' || wanted == letter,
                // From further on there would be even fewer letters.
                None => return false,
            },
            None if name.as_str().is_empty() => return true,
            None => false,
        };
        if !fits {
            let Some((after, from)) = &mut star else { return false };
            if from.next().is_none() {
                return false;
            }
            (pattern, name) = (after.clone(), from.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_letters_and_a_question_mark_is_one() {
        for (pattern, name) in [
            ("", ""),
            ("*", ""),
            ("*", "a"),
            ("a*", "a"),
            ("a*c", "abbc"),
            ("?", "é"),
            ("a?c", "a😀c"),
            ("**", "x"),
            ("*ab*ab", "abxabab"),
            ("*.html", "/a.b.html"),
            ("/p/*/pay", "/p/1/2/pay"),
            ("a*?", "ab"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("?", ""),
            ("a", "A"),
            ("a*c", "abcd"),
            ("??", "é"),
            ("a?c", "ac"),
            ("*ab", "aba"),
            ("a*?", "a"),
            ("[a]", "a"),
            ("a", "ab"),
            ("*b*a", "ab"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_letters_times_letters() {
        let (pattern, name) = ("*a".repeat(1_000) + "b", "a".repeat(4_000));
        assert!(!matches(&pattern, &name), "trying every way would not end");
    }
}
