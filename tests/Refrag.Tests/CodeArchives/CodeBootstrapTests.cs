using System.Globalization;
using Refrag.Apps;
using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>The real lines, run by real shells with what an image has, against moto's S3, which checks signatures.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CodeBootstrapTests(GuardedBucket bucket) : IClassFixture<GuardedBucket>
{
    private const string Job = """
        echo "$1 in $REFRAG_CODE_DIR for $REFRAG_OUTPUT_DIR $REFRAG_CODE. as $$"
        cat sub/data
        exit 7
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> ShellsAndTools =>
        [.. from shell in (string[])["dash", "bash"] from tool in (string[])["aws", "curl", "wget", "python3"] select (shell, tool)];

    [Theory]
    [Trait("Peer", "moto")]
    [MemberData(nameof(ShellsAndTools))]
    public async Task Lines_OneTool_BringsTheCodeAndBecomesTheCommand(string shell, string tool)
    {
        Needs(shell, tool);
        using CodeFolder code = Code();
        CodeReference archive = await InBucketAsync(code);
        await using var role = new HookServer(Answer(bucket.Keys));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync(
            $"/bin/{shell}", Wrap(archive, "sh", "job.sh", "it's $1"),
            [.. Variables(archive), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.Url)]);

        Assert.Equal("", end.Errors);
        string[] lines = end.Output.Split('\n');
        string folder = Assert.Single(Directory.EnumerateDirectories(image.Temporary));
        Assert.Equal([$"it's $1 in {folder}/code for {image.Start} . as {end.Process}", "data"], lines[..2]);
        Assert.Equal(7, end.ExitCode);
        Assert.Equal(["code"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Theory]
    [Trait("Peer", "moto")]
    [InlineData("aws")]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("python3")]
    public async Task Lines_KeysThatMayNot_SaysSoOnceAndNoSecret(string tool)
    {
        Needs("dash", tool);
        using CodeFolder code = Code();
        CodeReference archive = await InBucketAsync(code);
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"),
            [.. Variables(archive), ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "a-secret-of-a-test")]);

        Refused(end, image, $"RF8020 The code of the job cannot be read from {archive.Url}: ");
        Assert.Contains("403", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-of-a-test", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Lines_PythonAlone_NeedsNoTarAndNoGzip()
    {
        Needs("dash", "python3");
        using CodeFolder code = Code();
        CodeReference archive = await InBucketAsync(code);
        await using var role = new HookServer(Answer(bucket.Keys));
        using var image = new Toolbox([.. Toolbox.Basic, "python3"]);

        ShellEnd end = await image.RunAsync(
            "/bin/sh", Wrap(archive, "sh", "job.sh", "x"), [.. Variables(archive), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.Url)]);

        Assert.Equal((7, ""), (end.ExitCode, end.Errors));
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Lines_ArchiveWithAnotherContent_IsNotUnpacked()
    {
        Needs("dash", "curl");
        using CodeFolder code = Code();
        CodeReference archive = await InBucketAsync(code);
        string other = new('0', 64);
        CodeReference wrong = new(archive.Url.Replace(archive.Digest, other, StringComparison.Ordinal), other);
        await bucket.PutAsync($"a/b/{other}.tar.gz", PathOf(code, archive));
        await using var role = new HookServer(Answer(bucket.Keys));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", "curl"]);

        ShellEnd end = await image.RunAsync(
            "/bin/sh", Wrap(wrong, "sh", "job.sh"), [.. Variables(wrong), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.Url)]);

        Refused(end, image, $"RF8021 The code at {wrong.Url} is not what was submitted: its SHA-256 is {archive.Digest}");
    }

    [Theory]
    [InlineData("RF8122 The image has no AWS CLI, curl, wget or python3", "gzip", "tar")]
    [InlineData("RF8123 The image has neither tar and gzip nor python3", "gzip", "curl")]
    [InlineData("RF8020 The code of the job cannot be read from s3://bucket/x.tar.gz: the job has no credentials", "gzip", "tar", "curl")]
    public async Task Lines_WhatTheImageOrTheJobLacks_IsSaid(string problem, params string[] tools)
    {
        Needs(["dash", .. tools]);
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        using var image = new Toolbox([.. Toolbox.Basic, .. tools]);

        Refused(await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), ("REFRAG_CODE", archive.Url)), image, problem);
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("python3")]
    public async Task Lines_BucketOfAnotherRegion_IsFollowedThere(string tool)
    {
        Needs("dash", tool);
        CodeReference archive = new("s3://bucket/x=y.tar.gz", new string('0', 64));
        await using var s3 = new HookServer(HookServer.Answer(301, "x-amz-bucket-region: eu-west-1"), HookServer.Answer(404));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3));

        Refused(end, image, "RF8020");
        Assert.Equal(["us-east-1", "eu-west-1"], s3.Requests.Select(request => Header(request, "Authorization").Split('/')[2]));
        Assert.EndsWith("/bucket/x%3Dy.tar.gz HTTP/1.1", s3.Requests[0].Split("\r\n")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aws")]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("python3")]
    public async Task Lines_KeyWithEqualsSign_IsEncodedOnce(string tool)
    {
        Needs("dash", tool);
        CodeReference archive = new("s3://http-bucket/team=ml/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer(HookServer.Answer(404));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3));

        Refused(end, image, "404");
        string request = Assert.Single(s3.Requests);
        Assert.EndsWith(" /http-bucket/team%3Dml/x.tar.gz HTTP/1.1", request.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Equal("us-east-1", Header(request, "Authorization").Split('/')[2]);
    }

    // The answers have numbers that look like a refusal.
    [Theory]
    [InlineData("curl", 503, 4)]
    [InlineData("wget", 503, 4)]
    [InlineData("python3", 503, 4)]
    [InlineData("curl", 404, 1)]
    [InlineData("wget", 404, 1)]
    [InlineData("python3", 404, 1)]
    public async Task Lines_FaultOfTheService_IsTriedAgainAndARefusalIsNot(string tool, int status, int requests)
    {
        Needs("dash", tool);
        CodeReference archive = new("s3://bucket-403/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer(
            string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} E404 403\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3));

        Refused(end, image, status.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(requests, s3.Requests.Count);
    }

    // What BusyBox prints (networking/wget.c), and curl before it left the reason out.
    [Theory]
    [InlineData("wget", "wget: server returned error: HTTP/1.1 403 Forbidden", 1)]
    [InlineData("wget", "wget: server returned error: HTTP/1.1 503 Slow Down", 4)]
    [InlineData("curl", "curl: (22) The requested URL returned error: 403 Forbidden", 1)]
    [InlineData("curl", "curl: (28) Operation timed out after 40312 milliseconds with 403 bytes received", 4)]
    public async Task Lines_MessageOfATool_IsReadForItsStatus(string tool, string message, int tries)
    {
        Needs("dash");
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer();
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar"]);
        image.Add(tool, $"echo >>{ShellWord.Quote(image.Start)}/tries; echo {ShellWord.Quote(message)} >&2; exit 1");

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3));

        Refused(end, image, message);
        Assert.Equal(tries, (await File.ReadAllLinesAsync(Path.Combine(image.Start, "tries"), Stop)).Length);
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("python3")]
    public async Task Lines_AnswerThatEndsEarly_IsTriedAgain(string tool)
    {
        Needs("dash", tool);
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer("HTTP/1.1 200 OK\r\nContent-Length: 40400\r\nConnection: close\r\n\r\nabc");
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3));

        Refused(end, image, "RF8020");
        Assert.Equal(4, s3.Requests.Count);
    }

    // BusyBox's wget has no error for either. (networking/wget.c)
    [Theory]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 40400", "RF8020")]
    [InlineData("HTTP/1.1 301 Moved Permanently", "Content-Length: 3", "RF8020")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 3", "RF8021")]
    public async Task Lines_AnswerThatIsNotWhole_IsNoArchiveByBusyBox(string status, string header, string problem)
    {
        Needs("dash");
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer();
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar"]);
        image.Add("wget", $"printf abc >\"$7\"; printf '  %s\\n' {ShellWord.Quote(status)} {ShellWord.Quote(header)} >&2");

        Refused(await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3)), image, problem);
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("python3")]
    public async Task Lines_CredentialsThatAreNotReadyYet_AreAskedForAgain(string tool)
    {
        Needs("dash", tool);
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        await using var role = new HookServer(
            HookServer.Answer(503), Answer("""{"AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "s", "Token": "t/+="}"""));
        await using var s3 = new HookServer(HookServer.Answer(404));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar", tool]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"),
        [
            .. Fixed(archive, s3).Where(variable => !variable.Item1.Contains("KEY", StringComparison.Ordinal)),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.Url), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a-token"),
        ]);

        Refused(end, image, "404");
        Assert.Equal(["a-token", "a-token"], role.Requests.Select(request => Header(request, "Authorization")));
        Assert.Equal("t/+=", Header(Assert.Single(s3.Requests), "X-Amz-Security-Token"));
    }

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    public async Task Lines_SigtermDuringTheFetch_LeavesNothingAndEndWith143(string shell)
    {
        Needs(shell, "setsid");
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer();
        // The signal goes to the group, whose first process is the shell, and there is half an archive then.
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar"]);
        image.Add("curl", $"echo half >\"$(echo {ShellWord.Quote(image.Temporary)}/refrag-code-*)/archive\" || exit; kill -TERM 0");

        ShellEnd end = await image.RunAsync(
            "setsid", ["setsid", "--wait", $"/bin/{shell}", .. Wrap(archive, "echo", "started").Skip(1)], Fixed(archive, s3));

        Assert.Equal((143, ""), (end.ExitCode, end.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(image.Temporary));
    }

    [Fact]
    public async Task Lines_NoFolderForTemporaryFiles_IsSaid()
    {
        Needs("dash");
        CodeReference archive = new("file:///nowhere/x.tar.gz", new string('0', 64));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar"]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), [.. Variables(archive), ("TMPDIR", "/nowhere")]);

        Refused(end, image, "RF8023 The code cannot be unpacked below /nowhere: ");
    }

    [Fact]
    public async Task Lines_ImageWithoutAHash_SaysSoBeforeItFetches()
    {
        Needs("dash", "curl");
        CodeReference archive = new("s3://bucket/x.tar.gz", new string('0', 64));
        await using var s3 = new HookServer();
        using var image = new Toolbox([.. Toolbox.Basic.Where(name => name != "sha256sum"), "gzip", "tar", "curl"]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh"), Fixed(archive, s3));

        Refused(end, image, "RF8124 The image has neither sha256sum nor shasum");
        Assert.Empty(s3.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lines_ArchiveInAFolder_IsTakenFromThereAndStays(bool isThere)
    {
        Needs("dash", "tar", "gzip");
        using CodeFolder code = Code();
        CodeReference archive = await InFolderAsync(code);
        if (!isThere) File.Delete(PathOf(code, archive));
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar"]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "sh", "job.sh", "x"), Variables(archive));

        Assert.Equal(isThere, File.Exists(PathOf(code, archive)));
        if (isThere) Assert.Equal((7, ""), (end.ExitCode, end.Errors));
        else Refused(end, image, "RF8020");
    }

    [Fact]
    public async Task Lines_OutputDirectoryOfTheUsers_CountsFromTheStart()
    {
        Needs("dash", "tar", "gzip");
        using CodeFolder code = Code();
        CodeReference archive = await InFolderAsync(code);
        using var image = new Toolbox([.. Toolbox.Basic, "gzip", "tar"]);

        ShellEnd end = await image.RunAsync("/bin/sh", Wrap(archive, "env"), [.. Variables(archive), ("REFRAG_OUTPUT_DIR", "out")]);

        string[] names = [.. end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0])];
        Assert.Contains($"REFRAG_OUTPUT_DIR={image.Start}/out", end.Output.Split('\n'));
        // What the lines use themselves is nothing to the command.
        Assert.All(names, name => Assert.Equal(name.ToUpperInvariant(), name));
        Assert.DoesNotContain("REFRAG_CODE", names);
    }

    [Fact]
    public void Lines_NoCode_AreNone() => Assert.Equal("", CodeBootstrap.Lines(code: null, region: null));

    // Batch takes 8,192 bytes of overrides; the command and the variables of the user's must find room.
    [Fact]
    public void Lines_ArchiveInABucket_LeaveRoomForTheCommand() =>
        Assert.InRange(CodeBootstrap.Lines(new CodeReference($"s3://bucket/a/{new string('0', 64)}.tar.gz", ""), null).Length, 1000, 6000);

    private static CodeFolder Code() => new CodeFolder().With("job.sh", Job).With("sub/data", "data\n");

    private static IReadOnlyList<string> Wrap(CodeReference archive, params string[] command) =>
        ShellLauncher.Wrap(command, CodeBootstrap.Lines(archive, region: null));

    private static async Task<CodeReference> InFolderAsync(CodeFolder code)
    {
        CodePackage package = (await code.PackAsync()).Value;
        Assert.Null(await package.UploadAsync(code.OpenStore(), Stop));
        return new CodeReference(code.OpenStore().UrlOf(package.Digest), package.Digest);
    }

    private async Task<CodeReference> InBucketAsync(CodeFolder code)
    {
        CodeReference archive = await InFolderAsync(code);
        string key = $"a/b/{archive.Digest}.tar.gz";
        await bucket.PutAsync(key, PathOf(code, archive));
        return archive with { Url = $"s3://{GuardedBucket.Name}/{key}" };
    }

    private static string PathOf(CodeFolder code, CodeReference archive) => Path.Combine(code.Store, archive.Digest + ".tar.gz");

    private (string, string)[] Variables(CodeReference archive) =>
    [
        .. CodeVariables.Of(archive).Select(variable => (variable.Key, variable.Value)), ("AWS_REGION", "us-east-1"),
        .. bucket.IsThere ? [("AWS_ENDPOINT_URL_S3", bucket.Endpoint)] : ((string, string)[])[],
    ];

    private static (string, string)[] Fixed(CodeReference archive, HookServer s3) =>
    [
        .. CodeVariables.Of(archive).Select(variable => (variable.Key, variable.Value)),
        ("AWS_ENDPOINT_URL", new Uri(s3.Url).GetLeftPart(UriPartial.Authority)), ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ];

    private static void Refused(ShellEnd end, Toolbox image, string problem)
    {
        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains(problem, Assert.Single(end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(image.Temporary));
    }

    private void Needs(params string[] programs)
    {
        foreach (string program in programs) Assert.SkipUnless(Toolbox.Has(program), $"{program} is not on PATH.");
        bool needsMoto = TestContext.Current.TestCase?.Traits.ContainsKey("Peer") == true;
        Assert.SkipUnless(bucket.IsThere || !needsMoto, "moto_server is not on PATH.");
    }

    private static string Header(string request, string name) => request.Split("\r\n")
        .First(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    private static string Answer(string body) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
}
