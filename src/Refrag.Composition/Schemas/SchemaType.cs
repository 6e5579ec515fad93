namespace Refrag.Composition;

/// <summary>What a value may be.</summary>
public enum SchemaType
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A whole number.</summary>
    Int,

    /// <summary>A whole number or a fraction.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Bool,

    /// <summary>A text. Numbers and booleans are taken as their text.</summary>
    String,

    /// <summary>A list.</summary>
    List,

    /// <summary>A mapping.</summary>
    Mapping,

    /// <summary>An amount of memory: a whole number of MiB, or a number with <c>MiB</c>, <c>GiB</c> or <c>TiB</c>.</summary>
    Size,

    /// <summary>A length of time: a number of seconds, or a number with <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    Duration,
}
