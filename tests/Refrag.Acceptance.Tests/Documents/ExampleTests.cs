using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests.Documents;

/// <summary>Each example is typed as its page shows it, in a copy of its folder; and the notebook's cells are run.</summary>
public sealed class ExampleTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "examples");

    private static readonly MarkdownPage[] s_pages = [.. MarkdownPage.List(Repository.Root, "examples/")];

    public static TheoryData<string> Examples =>
        [.. Directory.GetDirectories(s_folder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_AsItStands_PrintsWhatItsPageShows(string name)
    {
        MarkdownPage page = s_pages.Single(page => page.Path == $"examples/{name}/README.md");
        IReadOnlyList<ConsoleCommand> commands = await ConsoleSession.RunAsync(page, Path.Combine(s_folder, name));
        Assert.NotEmpty(commands);
        ConsoleTests.AssertAsShown(page, commands);
    }

    [Fact]
    public void Examples_EachOfThem_IsListed()
    {
        string list = File.ReadAllText(Path.Combine(s_folder, "README.md"));
        Assert.All(Examples, row => Assert.Contains($"({row.Data}/README.md)", list, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Notebook_ItsCells_RunFromTheFirstToTheLast()
    {
        string folder = ScratchFolder.Make("notebook");
        foreach (string name in (string[])["refrag.py", "notebook.ipynb"])
            File.Copy(Path.Combine(s_folder, "python", name), Path.Combine(folder, name));
        string notebook = await File.ReadAllTextAsync(Path.Combine(folder, "notebook.ipynb"), TestContext.Current.CancellationToken);
        Assert.Equal(4, (int)JsonNode.Parse(notebook)!["nbformat"]!);

        Finished run = await PythonAsync(folder, """
            import json
            names = {}
            for cell in json.load(open("notebook.ipynb"))["cells"]:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), "cell", "exec"), names)
            """);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(
            [
                "hello from a job", "hello SUCCEEDED", "FAILED 3", "RF1651", "Set it to a valid value, for example env.gpus=1.",
                "['x=1'] SUCCEEDED {'loss': 1.0}", "['x=2'] SUCCEEDED {'loss': 0.0}", "['x=4'] SUCCEEDED {'loss': 4.0}",
            ],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Module_WhatRefragRefusesAndWhatItDoesNotFind_AreErrorsWithCodes()
    {
        string folder = ScratchFolder.Make("module");
        File.Copy(Path.Combine(s_folder, "python", "refrag.py"), Path.Combine(folder, "refrag.py"));
        Finished run = await PythonAsync(folder, """
            from refrag import Refrag, RefragError
            here = Refrag("env=local")
            calls = [
                lambda: here.run("env.nothing=1", command=["true"]),
                lambda: here.job("01234567-0000-0000-0000-000000000000").state(),
                lambda: here.wait("01234567-0000-0000-0000-000000000000"),
                lambda: list(here.job("01234567-0000-0000-0000-000000000000").logs()),
                lambda: Refrag(program="/nonexistent/refrag").jobs(),
            ]
            for call in calls:
                try:
                    call()
                except RefragError as error:
                    print(error.code, error.exit_code)
            """);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("RF1601 64\nRF5023 66\nRF5023 66\nRF5023 66\nNone 127\n", run.Output);
    }

    [Fact]
    public async Task Module_Served_FollowsWaitsAndTimesOut()
    {
        string folder = ScratchFolder.Make("module");
        File.Copy(Path.Combine(s_folder, "python", "refrag.py"), Path.Combine(folder, "refrag.py"));
        ServedBatch served = new();
        await served.InitializeAsync();
        try
        {
            BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = folder };
            Finished run = await PythonAsync(client, folder, """
                from refrag import Refrag, WaitTimeout
                batch = Refrag("env=awsbatch")
                job = batch.run("env.job_name=followed", command=["sh", "-c", "echo one; exec sleep 600"])
                try:
                    job.wait(timeout=1)
                except WaitTimeout:
                    print("waits", job.state().ended)
                lines = job.logs(follow=True)
                print(next(lines).text)
                print([one.job_name for one in batch.jobs("followed", status="active")])
                job.terminate("enough")
                print([line.text for line in lines], job.wait().status)
                """);
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Equal("waits False\none\n['followed']\n[] FAILED\n", run.Output);
        }
        finally
        {
            await served.DisposeAsync();
        }
    }

    private static Task<Finished> PythonAsync(string folder, string script) =>
        PythonAsync(new BuiltProgram { WorkingDirectory = folder }, folder, script);

    private static async Task<Finished> PythonAsync(BuiltProgram program, string folder, string script)
    {
        Assert.SkipUnless(Stock.Has("python3"), "There is no python3.");
        // The module looks for the program on PATH, as a user's does.
        await File.WriteAllTextAsync(
            Path.Combine(folder, "refrag"), $"#!/bin/sh\nexec '{BuiltProgram.Path}' \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "refrag"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await BuiltProgram.FinishAsync(
            program.With("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}").With("PYTHONDONTWRITEBYTECODE", "1")
                .StartProgram("python3", "-c", script),
            TestContext.Current.CancellationToken);
    }
}
