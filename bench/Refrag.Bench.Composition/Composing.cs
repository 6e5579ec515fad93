using System.Globalization;
using System.Text;
using Refrag.Composition;

namespace Refrag.Bench.Composition;

/// <summary>Compositions: of this repository's own configuration, and of a synthetic one.</summary>
internal static class Composing
{
    private const int Files = 200;
    private const int KeysPerFile = 25;

    public static void Own(string conf)
    {
        string[] overrides = ["app=train", "env=awsbatch", "lr=0.01", "+note=hello"];
        var warm = new Composer(SearchPath.FromDirectory(conf));
        Timing.Print(
            "this repository's: 3 files, 4 overrides, files read before", 2_000, () => Check(warm.Compose("config", overrides)), "1 ms");
        Timing.Print("this repository's: the same, files read each time", 500,
            () => Check(new Composer(SearchPath.FromDirectory(conf)).Compose("config", overrides)), "");
    }

    /// <summary>200 files of 25 keys, and multiples: read, composed and resolved, with 20 overrides.</summary>
    public static void Synthetic(int times)
    {
        int files = Files * times;
        string folder = Directory.CreateTempSubdirectory("refrag-bench-").FullName;
        try
        {
            Write(folder, files);
            string[] overrides = [.. Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"g{i}.k1={i}"))];
            string size = string.Create(CultureInfo.InvariantCulture, $"{files:#,0} files, {files * KeysPerFile:#,0} keys");
            var warm = new Composer(SearchPath.FromDirectory(folder));
            int rounds = 200 / times;
            double composed =
                Timing.Print($"{size}: composed, files read before", rounds, () => Check(warm.Compose("config", overrides)),
                    times == 1 ? "20 ms" : "");
            Timing.Line($"{size}: one key of them", $"{Timing.Show(composed * 1_000_000 / (files * KeysPerFile))} ns", "", "",
                "as many at every size");
            Timing.Print($"{size}: composed and resolved", rounds, () => Check(Check(warm.Compose("config", overrides)).Resolve()), "");
            Timing.Print($"{size}: composed, files read each time", Math.Max(10, rounds / 4),
                () => Check(new Composer(SearchPath.FromDirectory(folder)).Compose("config", overrides)), "");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, int files)
    {
        var primary = new StringBuilder("defaults:\n");
        for (int i = 0; i < files; i++)
        {
            string group = string.Create(CultureInfo.InvariantCulture, $"g{i}");
            primary.Append("  - ").Append(group).Append(": a\n");
            Directory.CreateDirectory(Path.Combine(folder, group));
            var text = new StringBuilder();
            for (int k = 0; k < KeysPerFile; k++)
            {
                string value = (k % 5) switch { 0 => "text of some length", 1 => "12", 2 => "0.5", 3 => $"${{.k{k - 1}}}", _ => "[a, b]" };
                text.Append(CultureInfo.InvariantCulture, $"k{k}: {value}\n");
            }
            File.WriteAllText(Path.Combine(folder, group, "a.yaml"), text.ToString());
        }
        File.WriteAllText(Path.Combine(folder, "config.yaml"), primary.ToString());
    }

    private static T Check<T>(Result<T> result)
        where T : notnull =>
            result.TryGet(out T? value, out var problems) ? value : throw new InvalidOperationException(problems[0].ToString());
}
