using System.Globalization;
using Refrag.Composition.Conformance.Fuzzing;

namespace Refrag.Composition.Conformance;

/// <summary>What the program was asked to do.</summary>
internal sealed record Arguments(IReadOnlyList<string> Files, IReadOnlyList<string> Fixtures, IReadOnlyList<string>? Categories, long? Fuzz,
    string Language, ulong Seed, bool Kinds, bool BySource, HydraReading Reading)
{
    public const string Usage =
        "usage: Refrag.Composition.Conformance [--fixtures FILE]... [--category NAME,NAME] [--error-kinds] [--by-source] "
        + "[--reading released|development] VECTORS...\n   or: "
            + "Refrag.Composition.Conformance --fuzz COUNT [--language overrides|yaml|interpolations] [--seed NUMBER]";

    /// <summary>The arguments, or null if they make no sense.</summary>
    public static Arguments? Parse(IReadOnlyList<string> args)
    {
        var (files, fixtures) = (new List<string>(), new List<string>());
        List<string>? categories = null;
        long? fuzz = null;
        string language = FuzzRun.Languages[0];
        ulong seed = 1;
        bool kinds = false, bySource = false;
        var reading = HydraReading.Released;
        for (int i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--fixtures" when i + 1 < args.Count: fixtures.Add(args[++i]); break;
                case "--category" when i + 1 < args.Count: (categories ??= []).AddRange(args[++i].Split(',')); break;
                case "--fuzz" when i + 1 < args.Count
                    && long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out long count):
                    (fuzz, i) = (count, i + 1); break;
                case "--language" when i + 1 < args.Count && FuzzRun.Languages.Contains(args[i + 1]): language = args[++i]; break;
                case "--seed" when i + 1 < args.Count && ulong.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed): i++; break;
                case "--reading" when i + 1 < args.Count && Enum.TryParse(args[i + 1], ignoreCase: true, out reading): i++; break;
                case "--error-kinds": kinds = true; break;
                case "--by-source": bySource = true; break;
                case var unknown when unknown.StartsWith('-'): return null;
                case var file: files.Add(file); break;
            }
        }
        return files.Count > 0 || fuzz is not null
            ? new Arguments(files, fixtures, categories, fuzz, language, seed, kinds, bySource, reading)
            : null;
    }
}
