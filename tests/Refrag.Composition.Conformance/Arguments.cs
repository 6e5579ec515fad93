namespace Refrag.Composition.Conformance;

/// <summary>What the program was asked to do.</summary>
internal sealed record Arguments(IReadOnlyList<string> Files, IReadOnlyList<string> Fixtures, IReadOnlyList<string>? Categories)
{
    public const string Usage = "usage: Refrag.Composition.Conformance [--fixtures FILE]... [--category NAME,NAME] VECTORS...";

    /// <summary>The arguments, or null where they make no sense.</summary>
    public static Arguments? Parse(IReadOnlyList<string> args)
    {
        var (files, fixtures) = (new List<string>(), new List<string>());
        List<string>? categories = null;
        for (int i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--fixtures" when i + 1 < args.Count: fixtures.Add(args[++i]); break;
                case "--category" when i + 1 < args.Count: (categories ??= []).AddRange(args[++i].Split(',')); break;
                case var unknown when unknown.StartsWith('-'): return null;
                case var file: files.Add(file); break;
            }
        }
        return files.Count > 0 ? new Arguments(files, fixtures, categories) : null;
    }
}
