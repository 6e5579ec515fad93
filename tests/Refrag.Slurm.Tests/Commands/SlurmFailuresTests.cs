using Refrag.Slurm.Commands;

namespace Refrag.Slurm.Tests.Commands;

/// <summary>What sbatch 22.05.8 said.</summary>
public sealed class SlurmFailuresTests
{
    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Requested node configuration is not available", true, false)]
    [InlineData("sbatch: error: a first line\nsbatch: error: Batch job submission failed: Invalid partition name specified", true, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", false, true)]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received", false, false)]
    // These three come after the request was sent. (slurm_errno.c, _remap_slurmctld_errno)
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (receive failure)", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (send failure)", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (shutdown failure)", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unexpected message received", false, false)]
    [InlineData("", false, false)]
    public void Submission_ThatFailed_IsRefusedOrUnreachedOnlyWhereThatIsSure(string error, bool isRefused, bool isUnreached)
    {
        CommandAnswer answer = new(1, [], error);

        Assert.Equal((isRefused, isUnreached), (SlurmFailures.IsRefused(answer), SlurmFailures.IsUnreached(answer)));
    }

    [Fact]
    public void Submission_ThatWasCutOff_IsNeither()
    {
        CommandAnswer answer = new(1, [], "sbatch: error: Batch job submission failed: Invalid account", IsCutOff: true);

        Assert.False(SlurmFailures.IsRefused(answer) || SlurmFailures.IsUnreached(answer));
    }

    // OpenSSH 9.2 could not log in, so that nothing was run.
    [Theory]
    [InlineData("ssh: connect to host login1 port 22: Connection refused")]
    [InlineData("ssh: connect to host login1 port 22: Connection timed out")]
    [InlineData("ssh: Could not resolve hostname login1: Name or service not known")]
    [InlineData("Warning: Permanently added 'login1' (ED25519) to the list of known hosts.\nme@login1: Permission denied (publickey).")]
    [InlineData("Host key verification failed.")]
    [InlineData("kex_exchange_identification: Connection closed by remote host")]
    [InlineData("Communications are monitored. Permission denied (to others).\nme@login1: Permission denied (publickey).")]
    public void Ssh_WithoutALogin_HasSubmittedNothingAndSaysWhy(string error)
    {
        CommandAnswer answer = new(255, [], "", IsCutOff: true) { BeforeScript = error };
        var problem = SlurmFailures.NotSent("SubmitJob", new ShellCommands("login1"), answer).Problem;

        Assert.True(SlurmFailures.IsUnreached(answer));
        Assert.Equal(
            ("RF8221", "The login node login1 is not reached by ssh; nothing was submitted", error.Split('\n')[^1]),
            (problem.Code, problem.What, problem.Cause));
    }

    [Theory]
    [InlineData(
        "/home/me/.ssh/config: line 3: Bad configuration option: hostnam\n"
        + "/home/me/.ssh/config: terminating, 1 bad configuration options\n")]
    [InlineData("kex_exchange_identification: read: Connection reset by peer\nConnection reset by 192.0.2.7 port 22\n")]
    public void Ssh_WithALineBehindTheReason_SaysTheReason(string error)
    {
        CommandAnswer answer = new(255, [], "", IsCutOff: true) { BeforeScript = error };

        Assert.True(SlurmFailures.IsUnreached(answer));
        Assert.Equal(
            error.Split('\n')[0], SlurmFailures.NotSent("SubmitJob", new ShellCommands("login1"), answer).Problem.Cause);
    }

    [Theory]
    [InlineData("client_loop: send disconnect: Broken pipe", null)]
    // What the script said was lost with the connection, and the banner is not ssh's word.
    [InlineData("", "Permission denied (to others).\nAll is logged.\nclient_loop: send disconnect: Broken pipe\n")]
    public void Ssh_ThatBreaksOffLater_MayHaveSubmitted(string error, string? before)
    {
        CommandAnswer answer = new(255, [], error, IsCutOff: true) { BeforeScript = before };

        Assert.False(SlurmFailures.IsRefused(answer) || SlurmFailures.IsUnreached(answer));
    }

    // A banner stands on standard error before every command, and may hold any words.
    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Invalid partition name specified", true, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", false, true)]
    public void Banner_OfTheLoginNode_IsNotTakenForSlurmsWord(string error, bool isRefused, bool isUnreached)
    {
        CommandAnswer answer = MarkedAnswer.Read(
            "m", "m\n\nm 1\n"u8.ToArray(), 1, $"All communications are monitored.\nssh: connect to host\nm\n{error}\n");

        Assert.Equal((isRefused, isUnreached), (SlurmFailures.IsRefused(answer), SlurmFailures.IsUnreached(answer)));
        Assert.Equal(error, SlurmFailures.Unread("ListJobs", new ShellCommands("login1"), answer).Problem.Cause);
    }

    [Theory]
    [InlineData(null, "name one for ssh: env.host=LOGIN-NODE")]
    [InlineData("login1", "`ssh login1 \"sh -c 'command -v sbatch'\"` must print a path")]
    public void Sbatch_ThatIsAbsent_IsCuredWhereItIsMissing(string? host, string cure)
    {
        var problem = SlurmFailures.NotSent("SubmitJob", new ShellCommands(host), new CommandAnswer(127, [], "sbatch: not found")).Problem;

        Assert.Equal("RF8202", problem.Code);
        Assert.Contains(cure, problem.Cure, StringComparison.Ordinal);
    }

    // What scancel 22.05.8 said to another user, and without its controller.
    [Theory]
    [InlineData("scancel: error: Kill job error on job id 5: Access/permission denied", true)]
    [InlineData("scancel: error: Kill job error on job id 5: Unable to contact slurm controller (connect failure)", false)]
    public void Scancel_ThatIsRefused_IsNotTakenForNoAnswer(string error, bool isDenied)
    {
        CommandAnswer answer = new(1, [], error);

        Assert.Equal(isDenied, SlurmFailures.IsDenied(answer));
        if (!isDenied) return;
        var denied = SlurmFailures.Denied("CancelJob", "ID", answer);
        Assert.Equal("RF8220 Slurm refused to end job ID: Access/permission denied", $"{denied.Problem.Code} {denied.Problem.What}");
        Assert.False(denied.MayPass);
    }

    [Theory]
    [InlineData(true, "", "the command did not end in time")]
    [InlineData(false, "", "the answer was cut off")]
    [InlineData(false, "Connection to login1 closed.", "the answer was cut off: Connection to login1 closed.")]
    public void Answer_ThatWasCutOff_SaysHow(bool isLate, string error, string cause)
    {
        CommandAnswer answer = new(255, [], error, IsCutOff: true) { IsLate = isLate };
        var problem = SlurmFailures.Unread("ListJobs", new ShellCommands("login1"), answer).Problem;

        Assert.Equal(("RF8201", cause), (problem.Code, problem.Cause));
    }
}
