using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Refrag.SourceAnalysis;

namespace Refrag.Reference;

/// <summary>
/// docs/reference/json.md: the records whose summary names the verb and the option that print them, with the meaning of each member.
/// </summary>
internal static partial class JsonPage
{
    private const string Json = "--json", DryRun = "--dry-run";

    public static string Write(SourceCode code, RootCommand root, ICollection<string> gaps)
    {
        ILookup<string, INamedTypeSymbol> shapes = Shapes(code);
        var page = new StringBuilder("# JSON\n\n");
        page.Append(Prose.Wrap(
            "With `--json` a command prints JSON alone on standard output: one object a line, but for `refrag infra` and "
            + "`refrag config show`, whose one object is indented. Times are ISO 8601 in UTC (`2026-08-10T14:00:00.000Z`), dates "
            + "`2026-08-10`. A member that is not known is left out. Members are added in later versions, never renamed or removed."))
            .Append('\n');
        page.Append(Prose.Wrap(
            "Requests that `--dry-run` prints instead of sending them are here too; of `refrag run` they are indented."));
        foreach ((string name, string printed) in CommandsPage.Verbs(root).SelectMany(one => Printing(one.Name, one.Verb)))
        {
            page.Append(Prose.Heading(2, name).TrimEnd('\n')).Append('\n');
            if (!shapes.Contains(printed)) gaps.Add($"no record's summary names `{printed}`");
            foreach (INamedTypeSymbol shape in shapes[printed])
            {
                page.Append('\n').Append(Prose.Wrap(Prose.Summary(shape.GetDocumentationCommentXml()))).Append('\n');
                if (shape.IsRecord) Append(page, code, shape, 0, gaps);
            }
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    // The headings of what a verb prints as JSON, and the command lines that print it.
    private static IEnumerable<(string Heading, string Printed)> Printing(string name, Command verb)
    {
        if (verb.Options.Any(option => option.Name == Json)) yield return (name, $"{name} {Json}");
        if (verb.Options.Any(option => option.Name == DryRun && option.Description?.Contains("JSON", StringComparison.Ordinal) == true))
            yield return ($"{name} {DryRun}", $"{name} {DryRun}");
    }

    private static ILookup<string, INamedTypeSymbol> Shapes(SourceCode code) => code.Files
        .Where(file => file.Value.Project == "Refrag.Cli").OrderBy(file => file.Value.Path, StringComparer.Ordinal)
        .SelectMany(file => file.Key.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
            .Select(type => code.Compilation.GetSemanticModel(file.Key).GetDeclaredSymbol(type)!))
        .SelectMany(type => PrintedBy().Matches(Prose.Summary(type.GetDocumentationCommentXml()))
            .Select(match => (Line: match.Groups["line"].Value, Type: type)))
        .ToLookup(one => one.Line, one => one.Type, StringComparer.Ordinal);

    private static void Append(StringBuilder page, SourceCode code, INamedTypeSymbol shape, int depth, ICollection<string> gaps)
    {
        string indent = new(' ', 2 * depth);
        foreach (IPropertySymbol member in shape.GetMembers().OfType<IPropertySymbol>()
            .Where(member => !member.IsStatic && !member.IsImplicitlyDeclared && member.DeclaredAccessibility == Accessibility.Public))
        {
            string meaning = Prose.Summary(member.GetDocumentationCommentXml());
            if (meaning.Length == 0) gaps.Add($"{shape.Name}.{member.Name} has no summary");
            string name = NameOf(member) ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            page.Append(Prose.Wrap($"`{name}` ({TypeOf(member.Type)}): {meaning}", $"{indent}- ", indent.Length + 2));
            if (Inside(member.Type) is INamedTypeSymbol inner && code.FileOf(inner) is not null) Append(page, code, inner, depth + 1, gaps);
        }
    }

    // The name that an attribute gives; null for the usual one.
    private static string? NameOf(IPropertySymbol member) => member.GetAttributes()
        .Where(attribute => attribute.AttributeClass?.Name == nameof(System.Text.Json.Serialization.JsonPropertyNameAttribute))
        .Select(attribute => attribute.ConstructorArguments is [{ Value: string name }] ? name : null).FirstOrDefault();

    private static ITypeSymbol Inside(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "IReadOnlyList", TypeArguments: [var item] } ? item : type;

    private static string TypeOf(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] } => TypeOf(value),
        INamedTypeSymbol { Name: "IReadOnlyList", TypeArguments: [var item] } => $"list of {TypeOf(item)}s",
        INamedTypeSymbol { Name: "IReadOnlyDictionary", TypeArguments: [_, var value] } => $"object of {TypeOf(value)}s by name",
        { SpecialType: SpecialType.System_String } => "string",
        { SpecialType: SpecialType.System_Boolean } => "boolean",
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } => "integer",
        { SpecialType: SpecialType.System_Decimal or SpecialType.System_Double } => "number",
        { Name: nameof(DateTimeOffset) } => "time",
        { Name: nameof(DateOnly) } => "date",
        _ => "object",
    };

    [GeneratedRegex("`(?<line>refrag [a-z ]+ --(json|dry-run))`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrintedBy();
}
