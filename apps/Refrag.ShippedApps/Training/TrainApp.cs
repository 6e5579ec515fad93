namespace Refrag.ShippedApps.Training;

/// <summary>
/// train: a small, real training run. A softmax regression or a multi-layer perceptron learns to tell the classes of a data set apart,
/// writes metrics and checkpoints, continues from the newest checkpoint after any end, and gives the same bits whether it was interrupted
/// or not. One worker only. Keys: <c>seed epochs batch_size lr model hidden data samples features classes output_dir checkpoint_every
/// keep_checkpoints log_every resume</c>.
/// </summary>
public sealed class TrainApp : IApp
{
    /// <inheritdoc/>
    public string Name => "train";

    /// <inheritdoc/>
    public async Task<int> RunAsync(AppRun run, CancellationToken cancellationToken)
    {
        AppConfigReader read = run.Config.Read();
        TrainSettings settings = TrainSettings.Read(read);
        if (run.Worker.WorldSize > 1) read.Add(Distributed(run.Worker));
        Dataset? data = await DataAsync(run, settings, read, cancellationToken);
        if (data is null) return run.Refuse(read.Problems);
        string directory = DirectoryOf(run, settings);
        try
        {
            Directory.CreateDirectory(directory);
            await using FileStream held = Hold(directory);
            return await new TrainingRun(run, settings, directory).RunAsync(data, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return run.Fail(CannotWrite(settings, exception));
        }
    }

    // The data, or null if anything is wrong; a file is read even so, that its mistakes are reported with the others.
    private static async Task<Dataset?> DataAsync(
        AppRun run, TrainSettings settings, AppConfigReader read, CancellationToken cancellationToken)
    {
        if (settings.IsSynthetic) return read.Problems.Count == 0 ? SyntheticData.Make(settings) : null;
        Result<Dataset> file = await CsvData.ReadAsync(settings.Data, run.WorkingDirectory, cancellationToken);
        foreach (Problem problem in file.Problems) read.Add(problem);
        return read.Problems.Count == 0 ? file.Value : null;
    }

    // The children of an array must not overwrite one another.
    private static string DirectoryOf(AppRun run, TrainSettings settings)
    {
        string directory = Path.Combine(run.OutputDirectory, settings.OutputDirectory);
        return (run.Worker.SweepIndex ?? run.Worker.ArrayIndex) is { } index ? Path.Combine(directory, $"{index}") : directory;
    }

    // Two runs in one directory would mix their metrics. The system lets go of the file when the process ends, however it ends.
    private static FileStream Hold(string directory) =>
        new(Path.Combine(directory, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static Problem Distributed(Worker worker) => new()
    {
        Code = "RF7201",
        What = $"train runs on one node, and this job has {worker.WorldSize}",
        Cure = "Run it with env.nodes=1; for several runs at once use an array job or a sweep",
    };

    private static Problem CannotWrite(TrainSettings settings, Exception exception) => new()
    {
        Code = "RF7205",
        What = $"output_dir {settings.OutputDirectory} cannot be used",
        Cause = exception.Message,
        Cure = "Free its disk or its permissions, end the other run that uses it, or set another output_dir",
        Place = new ArgumentPlace($"output_dir={settings.OutputDirectory}", "output_dir=".Length + 1, settings.OutputDirectory.Length),
    };
}
