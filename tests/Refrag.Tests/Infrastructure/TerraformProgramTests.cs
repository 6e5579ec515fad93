using System.Diagnostics;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class TerraformProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TerraformProgramTests() => File.WriteAllText(Path.Combine(_folder.FullName, "batch.tf"), "");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Find_NotOnPath_IsAProblemThatSaysWhereToGetIt()
    {
        Problem problem = Assert.Single(TerraformProgram.Find("/nowhere", _folder.FullName).Problems);
        Assert.Equal("RF6001", problem.Code);
        Assert.Contains("Install Terraform", problem.Cure);
    }

    [Fact]
    public void Find_NoConfiguration_IsAProblem() =>
        Assert.Equal("RF6002", Assert.Single(TerraformProgram.Find("/usr/bin", "/nowhere/at/all").Problems).Code);

    [Fact]
    public async Task RunAsync_AnyProgram_GivesLinesOutputErrorsAndExitCode()
    {
        var lines = new List<string>();
        TerraformRun run = await (await FakeAsync("""printf 'one\ntwo %s\n' "$2"; echo "$TF_WORKSPACE" >&2; exit 3""", "west"))
            .RunAsync(["plan", "-var=a='b c'"], lines.Add, Stop);
        Assert.Equal(new TerraformRun(3, "one\ntwo -var=a='b c'\n", "west\n"), run);
        Assert.Equal(["one", "two -var=a='b c'"], lines);
    }

    [Fact]
    public async Task RunAsync_Cancelled_InterruptsOnceAndWaitsForTheEnd()
    {
        string end = Path.Combine(_folder.FullName, "end");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        // Ends only after the interrupt, and says how many there were.
        TerraformProgram terraform = await FakeAsync($$"""
            n=0; trap 'n=$((n + 1))' INT
            echo ready
            while [ "$n" -eq 0 ]; do sleep 0.05; done
            sleep 0.3; echo "$n" >'{{end}}'
            """);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => terraform.RunAsync(["apply"], _ => cancel.Cancel(), cancel.Token));
        Assert.Equal("1\n", await File.ReadAllTextAsync(end, Stop));
    }

    private async Task<TerraformProgram> FakeAsync(string script, string? workspace = null)
    {
        string text = Path.Combine(_folder.FullName, "text"), program = Path.Combine(_folder.FullName, "terraform");
        // A shell cannot trap a signal that is ignored when it starts, as SIGINT is in the background of another shell.
        await File.WriteAllTextAsync(text, $"#!/usr/bin/env -S --default-signal=INT sh\n{script}\n", Stop);
        // Not written by this process: a program that another test starts meanwhile could have it open, and then it cannot be run.
        using Process made = Process.Start("install", ["-m", "500", text, program]);
        await made.WaitForExitAsync(Stop).Soon();
        return TerraformProgram.Find(_folder.FullName, _folder.FullName, workspace).Value;
    }
}
