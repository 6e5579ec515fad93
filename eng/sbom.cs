// Writes what is in the program as a CycloneDX list (https://cyclonedx.org/docs/1.6/json): each package with its version, licence and
// checksum, as the restore found them.
//   dotnet run eng/sbom.cs -- PROGRAM VERSION ASSETS        ASSETS: the project.assets.json of the build; the list goes to standard output
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Text.Json.Nodes;
using System.Xml.Linq;

if (args is not [string program, string version, string assetsFile])
{
    Console.Error.WriteLine("usage: dotnet run eng/sbom.cs -- PROGRAM VERSION ASSETS");
    return 64;
}
JsonNode assets = JsonNode.Parse(File.ReadAllText(assetsFile))!;
string[] folders = [.. assets["packageFolders"]!.AsObject().Select(folder => folder.Key)];
// Analyzers and other tools of the build leave nothing in the program.
HashSet<string> linked = [.. assets["targets"]!.AsObject().SelectMany(target => target.Value!.AsObject())
    .Where(entry => Files(entry.Value!, "runtime").Concat(Files(entry.Value!, "native"))
        .Any(file => !file.EndsWith("_._", StringComparison.Ordinal)))
    .Select(entry => entry.Key)];
JsonArray components = [];
foreach ((string key, JsonNode? library) in assets["libraries"]!.AsObject().OrderBy(entry => entry.Key, StringComparer.Ordinal))
{
    if ((string?)library!["type"] != "package" || !linked.Contains(key)) continue;
    string[] parts = key.Split('/');
    JsonObject component = new()
    {
        ["type"] = "library",
        ["bom-ref"] = $"pkg:nuget/{key.Replace('/', '@')}",
        ["name"] = parts[0],
        ["version"] = parts[1],
        ["purl"] = $"pkg:nuget/{key.Replace('/', '@')}",
    };
    if ((string?)library["sha512"] is { } sha512)
    {
        component["hashes"] = new JsonArray(
            new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(sha512)) });
    }
    if (Licence(Path.Combine((string)library["path"]!, $"{parts[0].ToLowerInvariant()}.nuspec")) is { } licence)
        component["licenses"] = new JsonArray(licence);
    components.Add((JsonNode)component);
}
// What the ahead-of-time compiler links in: the runtime and its frameworks, which are downloaded beside the libraries.
foreach (JsonNode? download in assets["project"]!["frameworks"]!.AsObject().First().Value!["downloadDependencies"]?.AsArray() ?? [])
{
    string name = (string)download!["name"]!;
    if (name.EndsWith(".ILCompiler", StringComparison.Ordinal) || name.Contains(".App.Host.", StringComparison.Ordinal)) continue;
    string exact = ((string)download["version"]!).Trim('[', ']').Split(',')[0];
    components.Add((JsonNode)new JsonObject
    {
        ["type"] = "framework",
        ["bom-ref"] = $"pkg:nuget/{name}@{exact}",
        ["name"] = name,
        ["version"] = exact,
        ["purl"] = $"pkg:nuget/{name}@{exact}",
    });
}
JsonObject list = new()
{
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = program, ["name"] = program, ["version"] = version },
    },
    ["components"] = components,
};
Console.WriteLine(list.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
return 0;

static IEnumerable<string> Files(JsonNode entry, string kind) => entry[kind]?.AsObject().Select(file => file.Key) ?? [];

// An expression of SPDX where the package has one; else the address that it names.
JsonObject? Licence(string nuspec)
{
    string? file = folders.Select(folder => Path.Combine(folder, nuspec)).FirstOrDefault(File.Exists);
    if (file is null) return null;
    XElement metadata = XDocument.Load(file).Root!.Elements().First(element => element.Name.LocalName == "metadata");
    XElement? licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
    if (licence?.Attribute("type")?.Value == "expression") return new JsonObject { ["expression"] = licence.Value };
    string? url = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value;
    return url is null ? null : new JsonObject { ["license"] = new JsonObject { ["name"] = "see url", ["url"] = url } };
}
