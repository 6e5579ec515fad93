using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.ConfigFiles;

/// <summary>Makes a configuration file of what a source has.</summary>
internal static class ConfigFileReader
{
    private const string DefaultsKey = "defaults";

    public static ConfigFile Read(string path, SourceText source, string searchedIn)
    {
        var file = new ConfigFile { ConfigPath = path, ShownPath = source.Path, Source = searchedIn };
        if (source.Text is null) return file with { Problems = [Unreadable(source)] };
        var problems = new List<Problem>();
        string? package = PackageHeader.Read(source, problems);
        var read = ConfigYaml.Read(source.Text, source.Path);
        problems.AddRange(read.Problems);
        if (problems.Count > 0) return file with { Problems = problems };
        var body = read.Value;
        IReadOnlyList<DefaultsEntry> defaults = [];
        if (body is ConfigMapping mapping && mapping.TryGetValue(DefaultsKey, out var list))
        {
            defaults = new DefaultsReader(path, problems).Read(list);
            body = mapping.Without(DefaultsKey);
        }
        return file with { PackageHeader = package, Body = body, Defaults = defaults, Problems = problems };
    }

    public static ConfigFile Outside(string path, string file, string searchedIn) => new()
    {
        ConfigPath = path,
        ShownPath = file,
        Source = searchedIn,
        Problems =
        [
            new Problem
            {
                Code = "RF1453",
                What = $"'{file}' in {searchedIn} is a link that leads out of the directory",
                Cause = "Files outside of the search path are never read",
                Cure = "Copy the file, or add the directory that it is in to the search path.",
            },
        ],
    };

    public static ConfigFile WrongExtension(string path) => new()
    {
        ConfigPath = path,
        ShownPath = path,
        Source = "",
        Problems = [new Problem
        {
            Code = "RF1452",
            What = $"A configuration file ends in .yaml: '{path}'",
            Cure = $"Rename it to {path[..^4]}.yaml.",
        }],
    };

    private static Problem Unreadable(SourceText source) =>
        new() { Code = "RF1455", What = $"{source.Path} cannot be read: {source.Failure}", Cure = "Make the file readable." };
}
