// Writes what is in the program as a CycloneDX list (https://cyclonedx.org/docs/1.6/json): each package with its version, licence and
// checksum, as the restore found them.
//   dotnet run eng/sbom.cs -- PROGRAM VERSION ASSETS        ASSETS: the project.assets.json of the build; the list goes to standard output
using System.Text.Json.Nodes;
using System.Xml.Linq;

if (args is not [string program, string version, string assetsFile])
{
    Console.Error.WriteLine("usage: dotnet run eng/sbom.cs -- PROGRAM VERSION ASSETS");
    return 64;
}
JsonNode assets = JsonNode.Parse(File.ReadAllText(assetsFile))!;
string[] folders = [.. assets["packageFolders"]!.AsObject().Select(folder => folder.Key)];
JsonArray components = [];
foreach ((string key, JsonNode? library) in assets["libraries"]!.AsObject().OrderBy(entry => entry.Key, StringComparer.Ordinal))
{
    if ((string?)library!["type"] != "package") continue;
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
    components.Add(component);
}
// What the ahead-of-time compiler links in: the runtime and its frameworks, which are downloaded beside the libraries.
foreach (JsonNode? download in assets["project"]!["frameworks"]!.AsObject().First().Value!["downloadDependencies"]?.AsArray() ?? [])
{
    string name = (string)download!["name"]!, exact = ((string)download["version"]!).Trim('[', ']').Split(',')[0];
    components.Add(new JsonObject
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
