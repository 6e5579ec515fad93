using Refrag.Apps;

namespace App;

/// <summary>Counts to a number; with several workers, each counts its share.</summary>
internal sealed class CountApp : IApp
{
    public string Name => "refrag-app-name";

    public async Task<int> RunAsync(AppRun run, CancellationToken cancellationToken)
    {
        AppConfigReader read = run.Config.Read();
        long to = read.Integer("to", fallback: 3, min: 1);
        double pause = read.Number("pause", fallback: 0.1, above: 0);
        if (read.Problems.Count > 0) return run.Refuse(read.Problems);

        for (long i = run.Worker.Rank; i < to; i += run.Worker.WorldSize)
        {
            await run.Output.WriteLineAsync($"{i}".AsMemory(), cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(pause), run.Time, cancellationToken);
        }
        return AppExitCodes.Success;
    }
}
