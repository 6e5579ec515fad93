using System.Text;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Composition.Tree;

namespace Refrag.Reference;

/// <summary>docs/reference/configuration.md.</summary>
internal static class ConfigurationPage
{
    public static string Write(CliContext context, ICollection<string> gaps)
    {
        Composer composer = Configurations.Composer(context, []).Value;
        var page = new StringBuilder("# Configuration keys\n\n");
        page.Append(Prose.Wrap(
            "These keys come with refrag. Change one with an override, such as `env.gpus=2`, or in a file of your own; "
            + "`refrag config explain KEY` prints where a value comes from. Defaults stand as they are written in the files of `conf`: "
            + "`${…}` is replaced when it is read, `\"\"` is an empty text. An app of your own may have further keys."));
        Append(page, composer, "env", [.. composer.Options("env")], isGroup: true, gaps);
        foreach (string app in composer.Options("app")) Append(page, composer, "app", [app], isGroup: false, gaps);
        return page.ToString();
    }

    // The options of a group that share a schema, in one section with the defaults of each; or one option with a schema of its own.
    private static void Append(
        StringBuilder page, Composer composer, string group, IReadOnlyList<string> options, bool isGroup, ICollection<string> gaps)
    {
        List<(string Name, Composition.Composition Composed)> all =
            [.. options.Select(option => (option, composer.Compose("config", [$"{group}={option}"]).Value))];
        PlacedSchema[] schemas = [.. all[0].Composed.Schemas.Where(schema => (schema.Package == "env") == (group == "env"))];
        page.Append(Prose.Heading(2, isGroup ? $"Keys of {group}" : $"Keys of {group}={options[0]}"));
        foreach (string about in schemas.Select(schema => schema.Schema.Description).OfType<string>())
            page.Append(Prose.Wrap(Prose.Sentence(Prose.Escape(about)))).Append('\n');
        if (schemas.Length == 0) gaps.Add($"{group}={options[0]} has no schema");
        foreach ((string path, SchemaKey key) in schemas.SelectMany(schema => schema.Flatten()))
        {
            if (key.Description is null) gaps.Add($"{path} has no description");
            string defaults = string.Join("; ", all.Select(one =>
                $"{(isGroup ? $"{group}={one.Name}: " : "")}{Shown(KeyLookup.Find(one.Composed.Config, path))}"));
            page.Append(Prose.Wrap(
                $"`{path}` ({Prose.Escape(key.Allowed)}{(key.IsRequired ? ", required" : "")}): "
                + $"{Prose.Sentence(Prose.Escape(key.Description ?? ""))} Default: {defaults}.", "- ", 2));
        }
        foreach (string path in all.SelectMany(one => Keys(one.Composed.Config, group)).Distinct(StringComparer.Ordinal)
            .Except(schemas.SelectMany(schema => schema.Flatten()).Select(one => one.Path)))
        {
            gaps.Add($"{path} is in conf/{group} and not in its schema");
        }
    }

    // What a file of the group sets; an app's keys stand at the root, beside those of the program.
    private static IEnumerable<string> Keys(ConfigMapping config, string group) => group == "env"
        ? ((ConfigMapping)config["env"]!).Select(entry => $"env.{entry.Key}")
        : config.Select(entry => entry.Key.ToString()).Except(["app", "env"]);

    private static string Shown(ConfigNode? value) => value switch
    {
        null => "not set",
        { IsNull: true } => "`null`",
        ConfigScalar { Kind: ScalarKind.String } text when text.ToString().Length > 0 => $"`{text}`",
        _ => $"`{ConfigJson.Write(value)}`",
    };
}
