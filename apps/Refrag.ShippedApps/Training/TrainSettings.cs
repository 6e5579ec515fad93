namespace Refrag.ShippedApps.Training;

/// <summary>What train is asked to do.</summary>
internal sealed record TrainSettings
{
    public const string Clusters = "clusters";
    public const string Spirals = "spirals";
    public const string Softmax = "softmax";
    public const string Mlp = "mlp";

    // Enough for a real data set, and few enough that the whole of it fits into the memory of a small container.
    private const int MostSamples = 10_000_000;
    private const int MostFeatures = 10_000;

    public required ulong Seed { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required double LearningRate { get; init; }

    public required string Model { get; init; }

    /// <summary>Units of the hidden layer; 0 for softmax regression, which has none.</summary>
    public required int Hidden { get; init; }

    /// <summary><see cref="Clusters"/>, <see cref="Spirals"/> or the path of a CSV file.</summary>
    public required string Data { get; init; }

    public required int Samples { get; init; }

    public required int Features { get; init; }

    public required int Classes { get; init; }

    public required string OutputDirectory { get; init; }

    /// <summary>Steps between two checkpoints; 0 writes them at the end and at SIGTERM only.</summary>
    public required int CheckpointEvery { get; init; }

    public required int KeepCheckpoints { get; init; }

    /// <summary>Steps between two lines of metrics.</summary>
    public required int LogEvery { get; init; }

    public required bool Resume { get; init; }

    public bool IsSynthetic => Data is Clusters or Spirals;

    public static TrainSettings Read(AppConfigReader read)
    {
        string model = read.Choice("model", Mlp, Softmax);
        string data = read.Text("data", Clusters);
        var settings = new TrainSettings
        {
            Seed = (ulong)read.Integer("seed", 0, 0),
            Epochs = (int)read.Integer("epochs", 20, 1, 1_000_000),
            BatchSize = (int)read.Integer("batch_size", 32, 1, MostSamples),
            LearningRate = read.Number("lr", 0.1, above: 0),
            Model = model,
            Hidden = (int)read.Integer("hidden", 32, 1, MostFeatures) is var hidden && model == Mlp ? hidden : 0,
            Data = data,
            Samples = (int)read.Integer("samples", 4000, 10, MostSamples),
            Features = (int)read.Integer("features", 8, 1, MostFeatures),
            Classes = (int)read.Integer("classes", 4, 2, 1000),
            OutputDirectory = read.Text("output_dir", "outputs/train"),
            CheckpointEvery = (int)read.Integer("checkpoint_every", 200, 0, int.MaxValue),
            KeepCheckpoints = (int)read.Integer("keep_checkpoints", 2, 1, 1000),
            LogEvery = (int)read.Integer("log_every", 50, 1, int.MaxValue),
            Resume = read.Flag("resume", fallback: true),
        };
        if (data.Length == 0 || settings.OutputDirectory.Length == 0) read.Add(Empty(data.Length == 0 ? "data" : "output_dir"));
        if (data == Spirals && settings.Features < 2) read.Add(TooFlat(settings.Features));
        if ((long)settings.Samples * settings.Features > int.MaxValue / sizeof(double)) read.Add(TooLarge(settings));
        return settings;
    }

    private static Problem Empty(string key) => new()
    {
        Code = "RF7002",
        What = $"{key} is empty",
        Cure = key == "data" ? $"Set data={Clusters}, data={Spirals} or data=FILE.csv" : "Set output_dir=DIRECTORY",
    };

    private static Problem TooFlat(int features) => new()
    {
        Code = "RF7002",
        What = "A spiral needs 2 features or more",
        Cure = "Set features=2",
        Place = new ArgumentPlace($"features={features}", "features=".Length + 1),
    };

    private static Problem TooLarge(TrainSettings settings) => new()
    {
        Code = "RF7002",
        What = $"samples={settings.Samples} times features={settings.Features} are more numbers than fit into one array",
        Cure = "Lower one of them",
    };
}
