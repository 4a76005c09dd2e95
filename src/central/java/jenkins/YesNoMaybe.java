package jenkins;

/** An answer that may be open. */
public enum YesNoMaybe {
    YES,
    NO,
    MAYBE
}
