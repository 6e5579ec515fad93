using System.Globalization;

namespace Refrag.ShippedApps.Training;

/// <summary>One run in one directory: <c>metrics.jsonl</c> and <c>checkpoints/</c>.</summary>
internal sealed class TrainingRun(AppRun run, TrainSettings settings, string directory)
{
    private readonly CheckpointStore _store = new(Path.Combine(directory, "checkpoints"), settings.KeepCheckpoints);
    private SortedDictionary<string, string> _identity = [];
    private long _savedStep = -1;

    public async Task<int> RunAsync(Dataset all, CancellationToken cancellationToken)
    {
        _identity = RunIdentity.Of(settings, all);
        var trainer = new Trainer(settings, TrainingData.Of(all, settings.Seed));
        if (await RestoreAsync(trainer, cancellationToken) is { } problem) return run.Refuse([problem]);
        await using MetricsFile metrics =
            await MetricsFile.OpenAsync(Path.Combine(directory, "metrics.jsonl"), trainer.Step, cancellationToken);
        while (trainer.Step < trainer.LastStep)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                await SaveAsync(trainer, metrics);
                Say($"stopped at step {trainer.Step} of {trainer.LastStep}; a checkpoint is written, run again to continue");
                cancellationToken.ThrowIfCancellationRequested();
            }
            trainer.Advance();
            if (!double.IsFinite(trainer.Since.LossSum)) return run.Fail(Diverged(trainer));
            await RecordAsync(trainer, metrics);
            if (settings.CheckpointEvery > 0 && trainer.Step % settings.CheckpointEvery == 0) await SaveAsync(trainer, metrics);
        }
        await SaveAsync(trainer, metrics);
        Score test = trainer.Test();
        Say($"done: step {trainer.Step}, test loss {test.Loss:F4}, test accuracy {test.Accuracy:F4}, results in {directory}");
        return AppExitCodes.Success;
    }

    private async Task<Problem?> RestoreAsync(Trainer trainer, CancellationToken cancellationToken)
    {
        if (!settings.Resume) _store.Clear();
        if (await _store.LoadAsync(run.Error.WriteLine, cancellationToken) is not var (header, state, path))
        {
            Say($"training {settings.Model} with {trainer.WeightCount} weights for {trainer.LastStep} steps");
            return null;
        }
        if (RunIdentity.Difference(header.Run, _identity) is { } difference) return OtherRun(difference);
        if (state.Step > trainer.LastStep) return OtherRun($"it did {state.Step} steps, epochs={settings.Epochs} are {trainer.LastStep}");
        trainer.Restore(state);
        _savedStep = state.Step;
        Say($"continuing from step {state.Step} of {trainer.LastStep} ({Path.GetFileName(path)})");
        return null;
    }

    // Nothing here takes the token: a line or a checkpoint is written whole before the run stops.
    private async Task RecordAsync(Trainer trainer, MetricsFile metrics)
    {
        if (trainer.Step % settings.LogEvery != 0 && !trainer.EndsEpoch) return;
        Score score = trainer.TakeScore();
        await metrics.AppendAsync(Metric.Of(trainer, Metric.Train, score), CancellationToken.None);
        if (!trainer.EndsEpoch) return;
        Score test = trainer.Test();
        await metrics.AppendAsync(Metric.Of(trainer, Metric.Test, test), CancellationToken.None);
        string scores = string.Create(CultureInfo.InvariantCulture,
            $"loss {score.Loss:F4}, test loss {test.Loss:F4}, test accuracy {test.Accuracy:F4}");
        Say($"epoch {trainer.Epoch}/{settings.Epochs} step {trainer.Step}: {scores}");
    }

    private async Task SaveAsync(Trainer trainer, MetricsFile metrics)
    {
        if (trainer.Step == _savedStep) return;
        metrics.Sync();
        await _store.SaveAsync(_identity, trainer.State, CancellationToken.None);
        _savedStep = trainer.Step;
    }

    private void Say(FormattableString line) => run.Output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static Problem Diverged(Trainer trainer) => new()
    {
        Code = "RF7206",
        What = $"The loss is not a number from step {trainer.Step}",
        Cause = "The steps are so large that the weights grow without end",
        Cure = "Lower lr, and set resume=false or another output_dir",
    };

    private Problem OtherRun(string difference) => new()
    {
        Code = "RF7204",
        What = $"output_dir {settings.OutputDirectory} holds checkpoints of another run",
        Cause = difference,
        Cure = "Set another output_dir, or resume=false to begin anew and lose them",
        Place = new ArgumentPlace($"output_dir={settings.OutputDirectory}", "output_dir=".Length + 1, settings.OutputDirectory.Length),
    };
}
