using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Composition.Tree;
using Refrag.SourceAnalysis;

namespace Refrag.Reference;

/// <summary>docs/reference/configuration.md.</summary>
internal static partial class ConfigurationPage
{
    public static string Write(SourceCode code, CliContext context, ICollection<string> gaps)
    {
        Composer composer = Configurations.Composer(context, []).Value;
        var page = new StringBuilder("# Configuration keys\n\n");
        page.Append(Prose.Wrap(
            "These keys come with refrag. Change one with an override, such as `env.gpus=2`, or in a file of your own; "
            + "`refrag config explain KEY` prints where a value comes from. Defaults stand as they are written in the files of `conf`: "
            + "`${…}` is replaced when it is read, `\"\"` is an empty text. An app of your own may have further keys."));
        Append(page, composer, "env", [.. composer.Options("env")], isGroup: true, gaps);
        AppendApp(page, code, composer, gaps);
        foreach (string app in composer.Options("app")) Append(page, composer, "app", [app], isGroup: false, gaps);
        return page.ToString();
    }

    // The part of Hydra, which is there where a value names it (env=slurm), has keys of its own, and is no key of refrag's.
    private const string Hydra = "hydra";

    // What every app has. These keys have no schema, because the program reads them itself; constants carry their meanings.
    private static void AppendApp(StringBuilder page, SourceCode code, Composer composer, ICollection<string> gaps)
    {
        INamedTypeSymbol type = code.Compilation.GetTypeByMetadataName("Refrag.Jobs.AppKeys")!;
        page.Append(Prose.Heading(2, "Keys of app")).Append(Prose.Wrap(Prose.Summary(type.GetDocumentationCommentXml()))).Append('\n');
        List<string> known = [];
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            string key = (string)field.ConstantValue!, meaning = Prose.Summary(field.GetDocumentationCommentXml());
            if (meaning.Length == 0) gaps.Add($"{key} has no summary");
            page.Append(Prose.Wrap($"`{key}`: {meaning}", "- ", 2));
            known.Add(key);
        }
        IEnumerable<string> set = composer.Options("app")
            .SelectMany(app => (ConfigMapping)composer.Compose("config", [$"app={app}"]).Value.Config["app"]!)
            .Select(entry => $"app.{entry.Key}");
        foreach (string key in set.Concat(Literals(code)).Distinct(StringComparer.Ordinal).Except(known))
            gaps.Add($"{key} is used and has no meaning in {type.Name}");
    }

    // The keys below app that the sources name.
    private static IEnumerable<string> Literals(SourceCode code) =>
        code.Files.Keys.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>())
            .Select(literal => literal.Token.Value).OfType<string>().Where(text => AppKey().IsMatch(text));

    // The options of a group that share a schema, in one section with the defaults of each; or one option with a schema of its own.
    private static void Append(
        StringBuilder page, Composer composer, string group, IReadOnlyList<string> options, bool isGroup, ICollection<string> gaps)
    {
        List<(string Name, Composition.Composition Composed)> all =
            [.. options.Select(option => (option, composer.Compose("config", [$"{group}={option}"]).Value))];
        PlacedSchema[] schemas =
        [
            .. all[0].Composed.Schemas.Where(schema => schema.Package != Hydra && (schema.Package == "env") == (group == "env")),
        ];
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
        : config.Select(entry => entry.Key.ToString()).Except(["app", "env", Hydra]);

    private static string Shown(ConfigNode? value) => value switch
    {
        null => "not set",
        { IsNull: true } => "`null`",
        ConfigScalar { Kind: ScalarKind.String } text when text.ToString().Length > 0 => $"`{text}`",
        _ => $"`{ConfigJson.Write(value)}`",
    };

    [GeneratedRegex(@"^app\.[a-z_]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AppKey();
}
