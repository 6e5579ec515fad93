using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Simulation;

/// <summary>
/// What a simulated attempt does. Each value comes from the job's environment, else from the parameter of the same name, else it is the
/// default.
/// </summary>
internal sealed record SimulatedPlan
{
    /// <summary>How long it takes: seconds from 0 to 31,536,000, fractions allowed; 1 by default.</summary>
    public const string Seconds = "REFRAG_SIM_SECONDS";

    /// <summary>What it ends with: 0 to 255; 0 by default.</summary>
    public const string ExitCodeName = "REFRAG_SIM_EXIT_CODE";

    /// <summary>The container's reason; none by default.</summary>
    public const string ReasonName = "REFRAG_SIM_REASON";

    /// <summary>A line that it prints; none by default.</summary>
    public const string OutputName = "REFRAG_SIM_OUTPUT";

    /// <summary>How long it takes to end after SIGTERM: seconds like those; 0 by default.</summary>
    public const string StopSeconds = "REFRAG_SIM_STOP_SECONDS";

    /// <summary>How many attempts end so; those after them end with 0. By default all.</summary>
    public const string FailedAttempts = "REFRAG_SIM_FAILED_ATTEMPTS";

    private const double LongestSeconds = 31_536_000;
    private const string AttemptNumber = "AWS_BATCH_JOB_ATTEMPT";

    /// <summary>How long it takes.</summary>
    public TimeSpan Duration { get; private init; }

    /// <summary>What it ends with.</summary>
    public int ExitCode { get; private init; }

    /// <summary>The container's reason.</summary>
    public string? Reason { get; private init; }

    /// <summary>A line that it prints.</summary>
    public string? Output { get; private init; }

    /// <summary>How long it takes to end after SIGTERM.</summary>
    public TimeSpan StopTime { get; private init; }

    /// <summary>Reads it; <paramref name="wrong"/> says what is not a value that it can have.</summary>
    public static SimulatedPlan Read(AttemptStart start, out string? wrong)
    {
        var problems = new List<string>();
        string? Text(string name) => start.Environment.GetValueOrDefault(name) ?? start.Parameters.GetValueOrDefault(name);
        TimeSpan Time(string name, double usual) =>
            TimeSpan.FromSeconds(Number(name, usual, LongestSeconds, NumberStyles.AllowDecimalPoint));
        double Number(string name, double usual, double most, NumberStyles style)
        {
            if (Text(name) is not { } text) return usual;
            if (double.TryParse(text, style, CultureInfo.InvariantCulture, out double value) && value <= most) return value;
            problems.Add(
                string.Create(CultureInfo.InvariantCulture,
                    $"RF4030 {name}={text} is not a number from 0 to {most}. Correct the job's environment or parameters."));
            return usual;
        }

        int failing = (int)Number(FailedAttempts, int.MaxValue, int.MaxValue, NumberStyles.None);
        int code = (int)Number(ExitCodeName, 0, byte.MaxValue, NumberStyles.None);
        bool fails = !int.TryParse(Text(AttemptNumber), NumberStyles.None, CultureInfo.InvariantCulture, out int attempt)
            || attempt <= failing;
        var plan = new SimulatedPlan
        {
            Duration = Time(Seconds, 1),
            StopTime = Time(StopSeconds, 0),
            ExitCode = fails ? code : 0,
            Reason = fails ? Text(ReasonName) : null,
            Output = Text(OutputName),
        };
        wrong = problems.Count > 0 ? string.Join(' ', problems) : null;
        return plan;
    }
}
