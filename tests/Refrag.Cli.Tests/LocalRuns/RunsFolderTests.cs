using Refrag.Cli.LocalRuns;

namespace Refrag.Cli.Tests.LocalRuns;

public sealed class RunsFolderTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly string _runs = Directory.CreateTempSubdirectory("refrag-prune").FullName;

    [Fact]
    public void Prune_OldRuns_AreRemovedAndYoungOnesStay()
    {
        string old = RunsFolder.Create(_runs, s_now - RunsFolder.LongestKept - TimeSpan.FromMinutes(1));
        string young = RunsFolder.Create(_runs, s_now - RunsFolder.LongestKept + TimeSpan.FromMinutes(1));
        File.WriteAllText(Path.Combine(old, "state.db"), "");

        RunsFolder.Prune(_runs, s_now, _ => false);

        Assert.Equal([young], Directory.GetDirectories(_runs));
    }

    [Fact]
    public void Prune_TooManyRuns_KeepsTheNewest()
    {
        string[] made = [.. Enumerable.Range(0, RunsFolder.MostRuns + 7)
            .Select(i => RunsFolder.Create(_runs, s_now - TimeSpan.FromMinutes(i)))];

        RunsFolder.Prune(_runs, s_now, _ => false);

        Assert.Equal(
            made.Take(RunsFolder.MostRuns).Order(StringComparer.Ordinal), Directory.GetDirectories(_runs).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Prune_RunThatLives_StaysHoweverOld()
    {
        string alive = RunsFolder.Create(_runs, s_now - TimeSpan.FromDays(30));

        RunsFolder.Prune(_runs, s_now, folder => folder == alive);

        Assert.Equal([alive], Directory.GetDirectories(_runs));
    }

    [Fact]
    public void Prune_SomethingElseInTheFolder_IsLeftAlone()
    {
        string notes = Directory.CreateDirectory(Path.Combine(_runs, "2001-my-notes")).FullName;
        Directory.CreateDirectory(Path.Combine(_runs, "20010101"));

        RunsFolder.Prune(_runs, s_now, _ => false);

        Assert.True(Directory.Exists(notes));
        Assert.Equal(2, Directory.GetDirectories(_runs).Length);
    }

    [Fact]
    public void Prune_NoFolder_DoesNothing() => RunsFolder.Prune(Path.Combine(_runs, "none"), s_now, _ => false);

    public void Dispose() => Directory.Delete(_runs, recursive: true);
}
