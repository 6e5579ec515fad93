// Writes the C# records of an AWS service's contract from AWS's own API model:
//
//     dotnet run eng/aws-contract.cs -- MODEL OUT NAMESPACE PREFIX [--unchecked] [--additions FILE] [OPERATION…]
//
// eng/contract runs it for every service, with the models and operations that are in the sources. Names, types, required members,
// enumerations and sizes are taken over; AWS's prose is not. Files are written whole, never edited by hand. Additions are what
// botocore calls extras of a service: objects that are merged into the model's, with lists and values that take the place of the model's.
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args.Length < 4)
{
    Console.Error.WriteLine(
        "usage: dotnet run eng/aws-contract.cs -- MODEL OUT NAMESPACE PREFIX [--unchecked] [--additions FILE] [OPERATION…]");
    return 2;
}
const string Unchecked = "--unchecked";
const string Additions = "--additions";
string? additions = args.SkipWhile(arg => arg != Additions).ElementAtOrDefault(1);
Model model = Model.Read(args[0], additions, [.. args[4..].Except([Unchecked, Additions, additions])]);
var writer = new Writer(model, args[1], args[2], args[3]);
writer.WriteAll(withShapes: !args.Contains(Unchecked));
return 0;

/// <summary>The model, cut down to what the chosen operations reach.</summary>
internal sealed class Model
{
    public required IReadOnlyList<Operation> Operations { get; init; }
    public required IReadOnlyDictionary<string, Shape> Shapes { get; init; }
    public required IReadOnlySet<string> Asked { get; init; }
    public required IReadOnlySet<string> Answered { get; init; }

    public static Model Read(string path, string? additions, string?[] only)
    {
        using Stream file = File.OpenRead(path);
        using Stream json = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        JsonObject whole = JsonNode.Parse(json)!.AsObject();
        if (additions is not null) Merge(whole, JsonNode.Parse(File.ReadAllText(additions))!["merge"]!.AsObject());
        using JsonDocument document = JsonDocument.Parse(whole.ToJsonString());
        JsonElement root = document.RootElement;
        var shapes = root.GetProperty("shapes").EnumerateObject().ToDictionary(s => s.Name, s => Shape.Read(s.Name, s.Value));
        var operations = root.GetProperty("operations").EnumerateObject().Where(o => only.Length == 0 || only.Contains(o.Name))
            .Select(o => Operation.Read(o.Value)).OrderBy(o => o.Name, StringComparer.Ordinal).ToList();
        // An operation that answers nothing has no shape for it; here it has an empty one.
        foreach (Operation o in operations) shapes.TryAdd(o.Output, new Shape(o.Output, "structure", [], [], null, null, null, null, null));
        return new Model
        {
            Operations = operations,
            Shapes = shapes,
            Asked = Reach(shapes, operations.Select(o => o.Input)),
            Answered = Reach(shapes, operations.Select(o => o.Output)),
        };
    }

    private static void Merge(JsonObject into, JsonObject additions)
    {
        foreach ((string name, JsonNode? added) in additions)
        {
            if (added is JsonObject more && into[name] is JsonObject known) Merge(known, more);
            else into[name] = added!.DeepClone();
        }
    }

    public static HashSet<string> Reach(IReadOnlyDictionary<string, Shape> shapes, IEnumerable<string> from)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>(from);
        while (open.TryDequeue(out string? name))
        {
            if (!seen.Add(name)) continue;
            foreach (string next in shapes[name].References) open.Enqueue(next);
        }
        return seen;
    }
}

internal sealed record Operation(string Name, string Method, string Path, string Input, string Output, IReadOnlyList<string> Errors)
{
    public static Operation Read(JsonElement o) => new(
        o.GetProperty("name").GetString()!,
        o.GetProperty("http").GetProperty("method").GetString()!,
        o.GetProperty("http").GetProperty("requestUri").GetString()!,
        o.GetProperty("input").GetProperty("shape").GetString()!,
        o.TryGetProperty("output", out JsonElement output)
            ? output.GetProperty("shape").GetString()!
            : $"{o.GetProperty("name").GetString()}Response",
        [.. o.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("shape").GetString()!)]);
}

internal sealed record Member(string Name, string Shape, bool Required, bool Deprecated, bool Token, string? Location);

internal sealed record Shape(string Name, string Type, IReadOnlyList<Member> Members, IReadOnlyList<string> Enum, string? Key,
    string? Element, long? Min, long? Max, string? Pattern)
{
    public IEnumerable<string> References =>
        Members.Select(m => m.Shape).Concat(Element is { } e ? [e] : []).Concat(Key is { } k ? [k] : []);

    public static Shape Read(string name, JsonElement s)
    {
        var required = Strings(s, "required");
        return new Shape(name, s.GetProperty("type").GetString()!, Read(s, required), Strings(s, "enum"), Key_(s), Element_(s),
            Number(s, "min"), Number(s, "max"),
            s.TryGetProperty("pattern", out JsonElement p) ? p.GetString() : null);
    }

    private static List<Member> Read(JsonElement s, IReadOnlyList<string> required) =>
        !s.TryGetProperty("members", out JsonElement members) ? [] :
        [.. members.EnumerateObject().Select(m => new Member(m.Name, m.Value.GetProperty("shape").GetString()!, required.Contains(m.Name),
            m.Value.TryGetProperty("deprecated", out _), m.Value.TryGetProperty("idempotencyToken", out _),
            m.Value.TryGetProperty("location", out JsonElement l) ? l.GetString() : null))];

    private static string? Key_(JsonElement s) => s.TryGetProperty("key", out JsonElement k) ? k.GetProperty("shape").GetString() : null;

    private static string? Element_(JsonElement s) =>
        s.TryGetProperty("member", out JsonElement m) || s.TryGetProperty("value", out m) ? m.GetProperty("shape").GetString() : null;

    private static long? Number(JsonElement s, string name) => s.TryGetProperty(name, out JsonElement n) ? (long)n.GetDouble() : null;

    private static List<string> Strings(JsonElement s, string name) =>
        s.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];
}

internal sealed class Writer(Model model, string folder, string space, string prefix)
{
    private const string Header =
        "// <auto-generated/> Written by eng/aws-contract.cs from AWS's API model; do not edit.\n#nullable enable\n";

    public void WriteAll(bool withShapes)
    {
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.EnumerateFiles(folder, "*.g.cs")) File.Delete(old);
        foreach (var area in Areas(shape => shape.Type == "structure")) Write(area.Key, string.Join("\n", area.Select(Record)));
        foreach (var area in Areas(shape => shape.Enum.Count > 0))
            Write($"{area.Key}Enumerations", string.Join("\n", area.Select(Enumeration)));
        Write($"{prefix}Operations", OperationTable(), "using System.Net.Http;\n");
        if (withShapes) Write($"{prefix}Shapes", ShapeTable());
        Write($"{prefix}JsonContext", JsonContext(), "using System.Text.Json;\nusing System.Text.Json.Serialization;\n");
    }

    private IEnumerable<Shape> Reached() =>
        model.Asked.Union(model.Answered).Order(StringComparer.Ordinal).Select(name => model.Shapes[name]);

    private IEnumerable<IGrouping<string, Shape>> Areas(Func<Shape, bool> isWanted)
    {
        var area = new Dictionary<string, string>();
        foreach (var group in model.Operations.GroupBy(o => Naming.AreaOf(o.Name)).OrderBy(g => Naming.Rank(g.Key)))
        {
            foreach (string shape in Model.Reach(model.Shapes, group.SelectMany(o => new[] { o.Input, o.Output }))
                .Order(StringComparer.Ordinal))
                area.TryAdd(shape, Naming.Inner(shape) ?? group.Key);
        }
        return Reached().Where(isWanted).GroupBy(s => area[s.Name]);
    }

    private void Write(string name, string body, string usings = "") =>
        File.WriteAllText(Path.Combine(folder, name + ".g.cs"), $"{Header}{usings}namespace {space};\n\n{body.TrimEnd()}\n");

    private string Record(Shape shape)
    {
        var text = new StringBuilder($"/// <summary>{Summary(shape.Name)}</summary>\npublic sealed record {shape.Name}\n{{\n");
        foreach (Member member in shape.Members) text.Append(Property(shape, member));
        if (shape.Members.Count > 0) text.Length--;
        return text.Append("}\n").ToString();
    }

    private string Summary(string shape) =>
        model.Operations.FirstOrDefault(o => o.Input == shape) is { } asked ? $"What <c>{asked.Name}</c> is asked." :
        model.Operations.FirstOrDefault(o => o.Output == shape) is { } answered ? $"What <c>{answered.Name}</c> answers." :
        $"The API's <c>{shape}</c> shape.";

    private string Property(Shape owner, Member member)
    {
        Shape shape = model.Shapes[member.Shape];
        string type = CSharp(shape);
        bool value = type is "int" or "long" or "bool" or "double" or "float";
        bool asked = model.Asked.Contains(owner.Name);
        string name = Naming.Pascal(member.Name);
        if (name == owner.Name) throw new InvalidOperationException($"{owner.Name}.{member.Name} has its record's name.");
        string doc = $"    /// <summary>{Words(member, shape)}</summary>\n";
        if (JsonNamingPolicy.CamelCase.ConvertName(name) != member.Name)
            doc += $"    [System.Text.Json.Serialization.JsonPropertyName(\"{member.Name}\")]\n";
        // Servers leave out even required members (startedAt of a waiting job), so values stay nullable and texts and lists fall back to
        // empty.
        if (member.Required && asked) return $"{doc}    public required {type}{(value ? "?" : "")} {name} {{ get; init; }}\n\n";
        string? fallback = !member.Required
            ? null
            : type == "string" ? "\"\"" : type.StartsWith("IReadOnlyList", StringComparison.Ordinal) ? "[]" : null;
        return fallback is null
            ? $"{doc}    public {type}? {name} {{ get; init; }}\n\n"
            : $"{doc}    public {type} {name} {{ get => field ?? {fallback}; init; }}\n\n";
    }

    private static string Words(Member member, Shape shape)
    {
        var text = new StringBuilder($"<c>{member.Name}</c>{(member.Required ? ", required" : "")}");
        if (shape.Enum.Count > 0) text.Append(CultureInfo.InvariantCulture, $"; one of <see cref=\"{shape.Name}\"/>");
        if (shape.Type == "long"
            && (member.Name.EndsWith("At", StringComparison.Ordinal) || member.Name.EndsWith("imestamp", StringComparison.Ordinal)
            || member.Name.EndsWith("Time", StringComparison.Ordinal)))
            text.Append("; milliseconds since 1970-01-01 UTC");
        if (shape.Min is { } min && shape.Max is { } max) text.Append(CultureInfo.InvariantCulture, $"; {Size(shape)} {min} to {max}");
        else if (shape.Max is { } most) text.Append(CultureInfo.InvariantCulture, $"; {Size(shape)} at most {most}");
        if (member.Location is "uri") text.Append("; sent in the path");
        if (member.Location is "querystring") text.Append("; sent in the query");
        if (member.Token) text.Append("; filled in where it is null, so that a repeated request acts once");
        if (member.Deprecated) text.Append("; deprecated by AWS");
        return text.Append('.').ToString();
    }

    private static string Size(Shape shape) =>
        shape.Type switch { "string" => "length", "list" => "elements", "map" => "entries", _ => "value" };

    private string CSharp(Shape shape) => shape.Type switch
    {
        "string" => "string",
        "integer" => "int",
        "long" => "long",
        "boolean" => "bool",
        // JSON 1.1 writes it as seconds, with fractions.
        "timestamp" => "double",
        "double" => "double",
        "float" => "float",
        "structure" => shape.Name,
        "list" => $"IReadOnlyList<{CSharp(model.Shapes[shape.Element!])}>",
        "map" => $"IReadOnlyDictionary<string, {CSharp(model.Shapes[shape.Element!])}>",
        _ => throw new InvalidOperationException($"{shape.Name} has the unknown type {shape.Type}."),
    };

    private static string Enumeration(Shape shape)
    {
        var text =
            new StringBuilder(
                $"/// <summary>Known values of the API's <c>{shape.Name}</c>; a newer service may answer others.</summary>\npublic "
                    + $"static class {shape.Name}\n{{\n");
        foreach (string value in shape.Enum)
            text.Append(CultureInfo.InvariantCulture,
                $"    /// <summary><c>{value}</c>.</summary>\n    public const string {Naming.Constant(value)} = \"{value}\";\n\n");
        string all = string.Join(", ", shape.Enum.Select(Naming.Constant));
        return text.Append(CultureInfo.InvariantCulture,
            $"    /// <summary>All of them, in the model's order.</summary>\n    public static IReadOnlyList<string> All {{ get; }} = "
                + $"[{all}];\n}}\n").ToString();
    }

    private string OperationTable()
    {
        var text =
            new StringBuilder(
                "/// <summary>The operations, one value each: the table that client, servers and tests share.</summary>\npublic static "
                    + $"class {prefix}Operations\n{{\n");
        foreach (Operation o in model.Operations) text.Append(OperationValue(o));
        text.Append(CultureInfo.InvariantCulture,
            $"    /// <summary>All of them, by name.</summary>\n    public static IReadOnlyList<AwsOperation> All {{ get; }} =\n    [\n");
        foreach (Operation o in model.Operations) text.Append(CultureInfo.InvariantCulture, $"        {o.Name},\n");
        return text.Append("    ];\n}\n").ToString();
    }

    private string OperationValue(Operation o)
    {
        string type = $"AwsOperation<{o.Input}, {o.Output}>";
        Shape input = model.Shapes[o.Input];
        var text =
            new StringBuilder(
                $"    /// <summary><c>{o.Method} {o.Path}</c>.</summary>\n    public static {type} {o.Name} {{ get; }} = "
                    + $"new({prefix}Service.Model, \"{o.Name}\")\n    {{\n");
        if (o.Path != "/") text.Append(CultureInfo.InvariantCulture, $"        Path = \"{o.Path}\",\n");
        if (o.Method != "POST") text.Append(CultureInfo.InvariantCulture, $"        Method = HttpMethod.{Naming.Constant(o.Method)},\n");
        text.Append(CultureInfo.InvariantCulture, $"        Errors = [{string.Join(", ", o.Errors.Select(e => $"\"{e}\""))}],\n");
        bool token = input.Members.Any(m => m.Token);
        bool makes = o.Name.StartsWith("Submit", StringComparison.Ordinal) || o.Name.StartsWith("Register", StringComparison.Ordinal)
            || o.Name.StartsWith("Create", StringComparison.Ordinal);
        if (makes && !token) text.Append("        IsRepeatable = false,\n");
        foreach (Member m in input.Members.Where(m => m.Token))
            text.Append(CultureInfo.InvariantCulture,
                $"        WithToken = static (request, token) => request.{Naming.Pascal(m.Name)} is null ? request with {{ "
                    + $"{Naming.Pascal(m.Name)} = token }} : request,\n");
        if (IsPaged(input) && IsPaged(model.Shapes[o.Output]))
            text.Append(
                "        NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = "
                    + "token } : null,\n");
        if (input.Members.Any(m => m.Location is not null)) text.Append(Route(o, input));
        return text.Append("    };\n\n").ToString();
    }

    private static bool IsPaged(Shape shape) => shape.Members.Any(m => m.Name == "nextToken");

    private static string Route(Operation o, Shape input)
    {
        string path = o.Path;
        foreach (Member m in input.Members.Where(m => m.Location == "uri"))
            path = path.Replace($"{{{m.Name}}}", $"{{Uri.EscapeDataString(request.{Naming.Pascal(m.Name)})}}");
        string query = string.Concat(input.Members.Where(m => m.Location == "querystring")
            .Select(m => $"?{{string.Join('&', request.{Naming.Pascal(m.Name)}.Select(v => $\"{m.Name}={{Uri.EscapeDataString(v)}}\"))}}"));
        string outside = string.Join(", ", input.Members.Where(m => m.Location is not null).Select(m => $"\"{m.Name}\""));
        string bound =
            string.Join(", ",
                input.Members
                    .Where(m => m.Location is not null)
                    .Select(m => $"{Naming.Pascal(m.Name)} = outside.{(m.Location == "uri" ? "Path" : "Query")}(\"{m.Name}\")"));
        return $"        Route = static request => $\"{path}{query}\",\n        Bind = static (request, outside) => request with {{ "
            + $"{bound} }},\n        OutsideBody = [{outside}],\n";
    }

    private string ShapeTable()
    {
        var text =
            new StringBuilder(
                "/// <summary>What the model says of every shape that a request can hold.</summary>\ninternal static class "
                    + $"{prefix}Shapes\n{{\n    public static ShapeRule Find(string name) => name switch\n    {{\n");
        foreach (Shape shape in model.Asked.Order(StringComparer.Ordinal).Select(n => model.Shapes[n])) text.Append(Rule(shape));
        return text.Append("        _ => ShapeRule.Anything,\n    };\n}\n").ToString();
    }

    private static string Rule(Shape shape)
    {
        string sizes =
            $"{shape.Min?.ToString(CultureInfo.InvariantCulture) ?? "null"}, {shape.Max?.ToString(CultureInfo.InvariantCulture) ?? "null"}";
        string? rule = shape.Type switch
        {
            "structure" =>
                "ShapeRule.Structure("
                    + Wrapped(shape.Members.Select(m => $"(\"{m.Name}\", \"{m.Shape}\", {(m.Required ? "true" : "false")})")) + ")",
            "string" when shape.Enum.Count > 0 => $"ShapeRule.OneOf({shape.Name}.All)",
            "list" => $"ShapeRule.ListOf(\"{shape.Element}\", {sizes})",
            "map" => $"ShapeRule.MapOf(\"{shape.Key}\", \"{shape.Element}\", {sizes})",
            "string" when shape.Pattern is not null =>
                $"ShapeRule.Text({sizes}, {JsonSerializer.Serialize(shape.Pattern, JsonContextOfText.Default.String)})",
            "string" when shape.Min is not null || shape.Max is not null => $"ShapeRule.Text({sizes}, null)",
            "integer" or "long" when shape.Min is not null || shape.Max is not null => $"ShapeRule.Number({sizes})",
            _ => null,
        };
        return rule is null ? "" : $"        \"{shape.Name}\" => {rule},\n";
    }

    private static string Wrapped(IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        int width = 0;
        foreach (string part in parts)
        {
            if (width == 0 || width + part.Length > 110)
                (width, _) = (0, text.Append(text.Length == 0 ? "\n            " : ",\n            "));
            else text.Append(", ");
            text.Append(part);
            width += part.Length + 2;
        }
        return text.ToString();
    }

    private string JsonContext()
    {
        var text = new StringBuilder();
        foreach (string type in model.Operations.SelectMany(o => new[] { o.Input, o.Output }).Distinct())
            text.Append(CultureInfo.InvariantCulture, $"[JsonSerializable(typeof({type}))]\n");
        return text.Append(CultureInfo.InvariantCulture,
            $"[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = "
                + $"JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]\ninternal sealed partial "
                + $"class {prefix}JsonContext : JsonSerializerContext;\n").ToString();
    }
}

internal static class Naming
{
    // Operations name what they act on; a shape belongs to the first area, in this order, that reaches it.
    private static readonly string[] s_areas =
        ["ComputeEnvironment", "ServiceEnvironment", "SchedulingPolic", "QuotaShare", "JobQueue", "ConsumableResource", "ServiceJob",
            "JobDefinition", "Job", "Log", "Resource", "Task"];

    public static string AreaOf(string operation) => operation switch
    {
        _ when operation.Contains("Log", StringComparison.Ordinal) || operation.EndsWith("RetentionPolicy", StringComparison.Ordinal) =>
            "Logs",
        _ when operation.EndsWith("ForResource", StringComparison.Ordinal) || operation is "TagResource" or "UntagResource" => "Tags",
        _ => s_areas.FirstOrDefault(a => operation.Contains(a, StringComparison.Ordinal)) switch
        {
            null => "Images",
            "SchedulingPolic" => "SchedulingPolicies",
            var area => $"{area}s",
        },
    };

    public static int Rank(string area) =>
        Array.FindIndex(s_areas, a => area.StartsWith(a, StringComparison.Ordinal)) is >= 0 and var i ? i : s_areas.Length;

    /// <summary>Shapes inside a job definition that fill a file of their own.</summary>
    public static string? Inner(string shape) =>
        shape.StartsWith("Eks", StringComparison.Ordinal) && !shape.Contains("Configuration", StringComparison.Ordinal) ? "EksJobs" :
        shape.Contains("Task", StringComparison.Ordinal) || shape.StartsWith("EcsProperties", StringComparison.Ordinal) ? "EcsTasks" :
        shape.StartsWith("Container", StringComparison.Ordinal) || shape.StartsWith("Node", StringComparison.Ordinal)
            || shape is "LinuxParameters" or "LogConfiguration"
            ? "Containers"
            : null;

    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    public static string Constant(string value)
    {
        string[] words = value.Split('_', '-', '.', ' ');
        return string.Concat(
            words.Select(
                w => w.Length == 0
                    ? ""
                    : char.ToUpperInvariant(w[0]) + (w.All(c => !char.IsLower(c)) ? w[1..].ToLowerInvariant() : w[1..])));
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonContextOfText : System.Text.Json.Serialization.JsonSerializerContext;
