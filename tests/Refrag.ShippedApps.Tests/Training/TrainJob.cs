using System.Globalization;
using System.Text.Json.Nodes;
using Refrag.ShippedApps.Training;

namespace Refrag.ShippedApps.Tests.Training;

/// <summary>A run of train in a directory of its own.</summary>
internal sealed class TrainJob : IDisposable
{
    // Small enough for many runs a second; its epochs of 12 steps divide neither evenly into the lines of metrics nor into the checkpoints.
    private const string Small = """
        {"samples":120,"features":3,"classes":3,"hidden":5,"batch_size":8,"epochs":6,"log_every":5,"checkpoint_every":7,"output_dir":"out"}
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly JsonObject _config = JsonNode.Parse(Small)!.AsObject();

    public string Root => _directory.Path;

    public string Output => System.IO.Path.Combine(Root, "out");

    public string Checkpoints => System.IO.Path.Combine(Output, "checkpoints");

    public string Metrics => File.ReadAllText(System.IO.Path.Combine(Output, "metrics.jsonl"));

    public string Config => _config.ToJsonString();

    /// <summary>Both things that a run leaves behind, for comparison with another run's.</summary>
    public (string Metrics, string LastCheckpoint) Result => (Metrics, Convert.ToHexString(File.ReadAllBytes(CheckpointFiles[^1])));

    public string[] CheckpointFiles => [.. Directory.GetFiles(Checkpoints, "*.ckpt").Order(StringComparer.Ordinal)];

    public TrainJob With(string key, JsonNode? value)
    {
        _config[key] = value;
        return this;
    }

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(
        Action<string>? onLine = null, Worker? worker = null, CancellationToken? cancellationToken = null)
    {
        using var output = new LineLog { OnLine = onLine };
        using var error = new LineLog();
        var run = new AppRun
        {
            Config = AppConfig.Parse(Config).Value,
            Worker = worker ?? new Worker(),
            Output = output,
            Error = error,
            WorkingDirectory = Root,
            OutputDirectory = Root,
        };
        int exitCode = await new TrainApp().RunAsync(run, cancellationToken ?? TestContext.Current.CancellationToken);
        return (exitCode, output.Text, error.Text);
    }

    public async Task<TrainJob> CompleteAsync()
    {
        (int exitCode, _, string error) = await RunAsync();
        Assert.Equal((0, ""), (exitCode, error));
        return this;
    }

    public string Write(string name, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Root, name), content);
        return name;
    }

    public IEnumerable<(long Step, string Split)> Lines => Metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonNode.Parse(line)!)
        .Select(line => (Convert.ToInt64(line["step"]!.GetValue<double>(), CultureInfo.InvariantCulture),
        line["split"]!.GetValue<string>()));

    public void Dispose() => _directory.Dispose();
}
