using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Refrag.Runners.Usage;

/// <summary>Asks NVIDIA's own tool how busy the GPUs are. After three questions without an answer it is asked no more.</summary>
/// <param name="program">The program.</param>
/// <param name="time">The clock.</param>
internal sealed class NvidiaSmi(string program, TimeProvider time)
{
    private const string Name = "nvidia-smi";
    private const int MostFailures = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    // What a GPU does not report is [N/A] or [Not Supported], as of one that is divided (MIG). (nvidia-smi --help-query-gpu)
    private static readonly string[] s_arguments =
        ["--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits"];

    private int _failures;

    /// <summary>The tool of a search path; null if there is none.</summary>
    /// <param name="path">Folders with colons between them.</param>
    /// <param name="time">The clock.</param>
    public static NvidiaSmi? Find(string? path, TimeProvider time) =>
        (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(File.Exists) is { } program
            ? new NvidiaSmi(program, time)
            : null;

    /// <summary>The GPUs now; empty if it does not answer.</summary>
    public async Task<IReadOnlyList<GpuSample>> AskAsync(CancellationToken cancellationToken)
    {
        if (_failures >= MostFailures) return [];
        IReadOnlyList<GpuSample> found = await TryAskAsync(cancellationToken);
        _failures = found.Count > 0 ? 0 : _failures + 1;
        return found;
    }

    /// <summary>Reads an answer; lines that are not of its form are left out.</summary>
    public static IReadOnlyList<GpuSample> Parse(string answer) =>
    [
        .. answer.Split('\n').Select(line => line.Split(", ", StringSplitOptions.TrimEntries))
            .Where(fields => fields is [_, ['G' or 'M', ..], _, _, _, _])
            .Select(fields => new GpuSample(
                fields[0], fields[1], fields[2], Number(fields[3]), (long?)Number(fields[4]), (long?)Number(fields[5]))),
    ];

    private async Task<IReadOnlyList<GpuSample>> TryAskAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using Process? asked = Process.Start(new ProcessStartInfo(program, s_arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            });
            return asked is null ? [] : await AnswerAsync(asked, limit.Token);
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<GpuSample>> AnswerAsync(Process asked, CancellationToken limit)
    {
        try
        {
            asked.StandardInput.Close();
            Task<string> errors = asked.StandardError.ReadToEndAsync(limit);
            string answer = await asked.StandardOutput.ReadToEndAsync(limit);
            await errors;
            await asked.WaitForExitAsync(limit);
            return asked.ExitCode == 0 ? Parse(answer) : [];
        }
        catch (OperationCanceledException)
        {
            asked.Kill();
            return [];
        }
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
