using System.Globalization;
using System.Text.RegularExpressions;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Placement;

/// <summary>Finds the GPUs of this machine that jobs may have.</summary>
internal static partial class GpuInventory
{
    private static readonly string[] s_nothing = ["none", "void", ""];

    /// <summary>
    /// What the variables that limit this process say, or null if they do not and the driver must be asked.
    /// CUDA_VISIBLE_DEVICES wins: it limits what any program that is started from here could use.
    /// </summary>
    public static IReadOnlyList<string>? FromVariables(string? cudaVisibleDevices, string? nvidiaVisibleDevices)
    {
        if (cudaVisibleDevices is not null) return Ids(cudaVisibleDevices);
        return nvidiaVisibleDevices is null or "all" ? null : Renumbered(Ids(nvidiaVisibleDevices));
    }

    /// <summary>Asks the driver's tool; no GPUs if there is no such tool or it fails.</summary>
    public static async Task<IReadOnlyList<string>> FromDriverAsync(
        IRunner runner, IReadOnlyDictionary<string, string> environment, TimeProvider time, CancellationToken cancellationToken)
    {
        var output = new KeptLines();
        var start = new AttemptStart { Command = ["nvidia-smi", "-L"], Environment = environment, WorkingDirectory = "/" };
        IRunningAttempt attempt = await runner.StartAsync(start, output, cancellationToken);
        try
        {
            AttemptExit exit = await attempt.Exit.WaitAsync(TimeForAnswer, time, cancellationToken);
            return exit.ExitCode == 0 ? Parse(output.Lines) : [];
        }
        catch (TimeoutException)
        {
            // A driver that hangs gives no GPUs; the job is then refused with the reason.
            attempt.Signal(StopSignal.Kill);
            return [];
        }
    }

    /// <summary>The indices in lines such as <c>GPU 0: NVIDIA A10G (UUID: GPU-…)</c>.</summary>
    public static IReadOnlyList<string> Parse(IEnumerable<string> lines) =>
        [.. lines.Select(line => GpuLine().Match(line)).Where(match => match.Success).Select(match => match.Groups["index"].Value)];

    // nvidia-smi wakes sleeping drivers, which takes seconds on machines with many GPUs.
    private static TimeSpan TimeForAnswer => TimeSpan.FromSeconds(30);

    // CUDA takes the list up to the first number that is no device's: -1 hides what follows.
    private static string[] Ids(string list) => s_nothing.Contains(list)
        ? []
        : [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeWhile(id => id[0] != '-')];

    // NVIDIA_VISIBLE_DEVICES numbers the host's devices; inside the container those that it lets in are numbered from 0 again. UUIDs stay.
    private static string[] Renumbered(string[] ids) => ids.All(id => id.All(char.IsAsciiDigit))
        ? [.. ids.Select((_, at) => at.ToString(CultureInfo.InvariantCulture))]
        : ids;

    [GeneratedRegex(@"^GPU (?<index>[0-9]+):", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex GpuLine();

    private sealed class KeptLines : IOutputSink
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lock) return [.. _lines];
            }
        }

        public void Write(OutputLine line)
        {
            lock (_lock) _lines.Add(line.Text);
        }
    }
}
