using Refrag.Composition.Tree;

namespace Refrag.Composition.ConfigFiles;

/// <summary>A configuration file, read once: header, defaults list and body.</summary>
internal sealed record ConfigFile
{
    /// <summary>What a composition without a primary file begins with.</summary>
    public static ConfigFile Empty { get; } = new() { ConfigPath = "_dummy_empty_config_", ShownPath = "", Source = "" };

    /// <summary>The file, as <c>db/mysql</c>.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>The path to show to people.</summary>
    public required string ShownPath { get; init; }

    /// <summary>The name of the source that has it.</summary>
    public required string Source { get; init; }

    /// <summary>What <c># @package</c> says; null if it says nothing.</summary>
    public string? PackageHeader { get; init; }

    /// <summary>The file's content without its defaults list.</summary>
    public ConfigNode Body { get; init; } = ConfigMapping.Empty;

    /// <summary>The defaults list; empty if there is none.</summary>
    public IReadOnlyList<DefaultsEntry> Defaults { get; init; } = [];

    /// <summary>What is wrong with the file itself.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];
}
