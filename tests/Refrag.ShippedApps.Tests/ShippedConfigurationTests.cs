using System.Text.Json.Nodes;
using Refrag.ShippedApps.Hello;
using Refrag.ShippedApps.Training;

namespace Refrag.ShippedApps.Tests;

/// <summary>The files in conf/app say what the code does without them.</summary>
public sealed class ShippedConfigurationTests
{
    [Fact]
    public void Train_ShippedValues_AreTheDefaults() =>
        Assert.Equal(TrainSettings.Read(AppConfig.Empty.Read()), TrainSettings.Read(Shipped("train").Read()));

    [Fact]
    public void HelloDist_ShippedValues_AreTheDefaults() =>
        Assert.Equal(HelloSettings.Read(AppConfig.Empty.Read()), HelloSettings.Read(Shipped("hello_dist").Read()));

    [Fact]
    public void Train_EveryShippedKey_IsRead()
    {
        // A key that is no mapping can be read as nothing else than wrong, where it is read at all.
        AppConfig lists = AppConfig.Parse(new JsonObject(Shipped("train").Root.EnumerateObject()
            .Select(key => KeyValuePair.Create(key.Name, (JsonNode?)new JsonArray()))).ToJsonString()).Value;
        AppConfigReader read = lists.Read();

        TrainSettings.Read(read);

        Assert.Equal(lists.Root.EnumerateObject().Count(), read.Problems.Count);
    }

    // The files are plain enough: "key: value" at the left margin, and the mapping of app.
    private static AppConfig Shipped(string app)
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "refrag.slnx"))) directory = Path.GetDirectoryName(directory)!;
        string[] lines = File.ReadAllLines(Path.Combine(directory, "conf", "app", $"{app}.yaml"));
        Assert.Equal("# @package _global_", lines[0]);
        IEnumerable<string> keys = lines.Where(line => line.Length > 0 && char.IsLetter(line[0]) && line != "app:");
        return AppConfig.Parse($"{{{string.Join(',', keys.Select(Pair))}}}").Value;
    }

    private static string Pair(string line)
    {
        string[] parts = line.Split(": ", 2);
        bool plain = parts[1] is "true" or "false" || double.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out _);
        return plain ? $"\"{parts[0]}\":{parts[1]}" : $"\"{parts[0]}\":\"{parts[1]}\"";
    }
}
