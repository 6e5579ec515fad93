using System.Globalization;
using Microsoft.AspNetCore.Http;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Jobs;
using Refrag.WhatIf;

namespace Refrag.Dashboard.Simulations;

/// <summary>What a page wants to be simulated.</summary>
/// <param name="Load">Which jobs.</param>
/// <param name="Worlds">The settings of each world besides the deployed one, as <c>--set</c> of the command takes them.</param>
/// <param name="Reclaims">Reclaims of a Spot instance in an hour, as a number; empty for none.</param>
/// <param name="Seeds">How often each world is run where chance has a part.</param>
internal sealed record WhatIfRequest(
    LoadChoice Load, IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Worlds, string Reclaims, int Seeds)
{
    /// <summary>The most jobs that are simulated; more take longer than a page is waited for.</summary>
    public const int MostJobs = 50_000;

    /// <summary>The most worlds besides the deployed one: as many as are compared side by side.</summary>
    public const int MostWorlds = 3;

    /// <summary>The most seeds.</summary>
    public const int MostSeeds = 20;

    // What the form shows of an environment: with another setting the result would not be of what it says.
    private static readonly string[] s_settings = [".max_vcpus", ".spot"];

    private const int UsualSeeds = 5;
    private const int MostDays = 400;
    private const int MostSettings = 64;
    private const int LongestText = 4096;

    /// <summary>Reads the parameters of an address; throws a <see cref="PageRefusal"/> for what the page does not send.</summary>
    public static WhatIfRequest Of(HttpRequest request)
    {
        string load = Text(request, "load");
        TimeSpan? span = load is "" or "now" ? null : TimeSpan.FromDays(Number(load, "load", MostDays));
        TimeSpan? run = Text(request, "run") is { Length: > 0 } text ? Duration.Parse(text) ?? throw Wrong("run is not a duration") : null;
        string[] worlds = [.. request.Query["world"].Select(one => one ?? "")];
        if (worlds.Length > MostWorlds) throw Wrong($"There are more than {MostWorlds} worlds");
        int seeds = Text(request, "seeds") is { Length: > 0 } times ? Number(times, "seeds", MostSeeds) : UsualSeeds;
        return new WhatIfRequest(
            new LoadChoice(span, run, MostJobs), [.. worlds.Select(Settings)], Text(request, "reclaims"), seeds);
    }

    /// <summary>The options of the command that make one of the worlds.</summary>
    /// <param name="settings">All settings of the world.</param>
    public string WordsOf(IEnumerable<(string Name, string Value)> settings) => string.Join(' ',
        [
            .. settings.Select(one => $"--set {ShellWord.Quote($"{one.Name}={one.Value}")}"),
            string.Create(CultureInfo.InvariantCulture, $"--seeds {Seeds}"),
        ]);

    /// <summary>A world with settings, as <c>refrag simulate</c> changes it.</summary>
    public static Result<World> Changed(World world, IEnumerable<(string Name, string Value)> settings)
    {
        foreach ((string name, string value) in settings)
        {
            if (!Setting.Parse(name).TryGet(out Setting? setting, out IReadOnlyList<Problem> problems)
                || !setting.In(world, value).TryGet(out World? changed, out problems)) return Result<World>.Failure(problems);
            world = changed;
        }
        return world;
    }

    private static IReadOnlyList<(string Name, string Value)> Settings(string text)
    {
        if (text.Length > LongestText) throw Wrong("A world has more settings than a page sends");
        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > MostSettings) throw Wrong($"A world has more than {MostSettings} settings");
        if (parts.Any(part => !s_settings.Any(name => part.Split('=')[0].EndsWith(name, StringComparison.Ordinal))))
            throw Wrong("A world has a setting that the page does not show");
        return
        [
            .. parts.Select(part => part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                ? (part[..at], part[(at + 1)..])
                : throw Wrong("A setting has no value")),
        ];
    }

    private static string Text(HttpRequest request, string name) => request.Query[name] is [{ Length: <= LongestText } text] ? text
        : request.Query[name].Count == 0 ? ""
        : throw Wrong($"{name} is given twice, or too long");

    private static int Number(string text, string name, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{name} is not a number from 1 to {most}"));

    private static PageRefusal Wrong(string what) => new(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood(what));
}
