namespace Refrag.Composition.Tests;

/// <summary>
/// Texts that users see, kept beside the tests as <c>NAME.golden.txt</c>. With <c>REFRAG_GOLDEN_OUT</c> set to a folder, what came out is
/// written there.
/// </summary>
internal static class GoldenFile
{
    public static void Check(string name, string actual)
    {
        if (Environment.GetEnvironmentVariable("REFRAG_GOLDEN_OUT") is { } folder)
            File.WriteAllText(Path.Combine(folder, $"{name}.golden.txt"), actual);
        using Stream? stream = typeof(GoldenFile).Assembly.GetManifestResourceStream($"{name}.golden.txt");
        Assert.NotNull(stream);
        using var reader = new StreamReader(stream);
        Assert.Equal(reader.ReadToEnd(), actual, ignoreLineEndingDifferences: true);
    }
}
