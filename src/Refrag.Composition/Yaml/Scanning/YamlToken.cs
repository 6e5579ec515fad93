namespace Refrag.Composition.Yaml.Scanning;

/// <summary>What the scanner finds in a document. Indentation comes as starts and ends of blocks.</summary>
internal enum YamlTokenKind
{
    StreamEnd,
    VersionDirective,
    TagDirective,
    OtherDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

/// <summary>One token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Text">A scalar's value, the name of an anchor or alias, the handle of a tag (null for none) or a version.</param>
/// <param name="Suffix">What follows the handle of a tag.</param>
/// <param name="IsPlain">Whether a scalar stands without quotes and is no block.</param>
internal readonly record struct YamlToken(
    YamlTokenKind Kind, YamlPosition Start, YamlPosition End, string? Text = null, string? Suffix = null, bool IsPlain = false);
