using Refrag.Cli.Commands.Serve;

namespace Refrag.Cli.Tests.Commands.Serve;

public sealed class SecretsFileTests : IDisposable
{
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Json_HasValuesAndObjectsAsTheyAre()
    {
        IReadOnlyDictionary<string, string> read = Good($$"""{"{{Arn}}": "a=b c", "/app/db": {"user": "ada"}, "/app/port": 5432}""");

        Assert.Equal(("a=b c", """{"user": "ada"}""", "5432"), (read[Arn], read["/app/db"], read["/app/port"]));
    }

    [Fact]
    public void Read_Lines_HasWhatIsBehindTheFirstEqualsSign()
    {
        IReadOnlyDictionary<string, string> read = Good($"# tokens\n\n{Arn}=a=b c\n/app/empty=\n");

        Assert.Equal(("a=b c", "", 2), (read[Arn], read["/app/empty"], read.Count));
    }

    [Theory]
    [InlineData("{\"a\": \"hunter2\",\n\"b\": hunter2}", 2)]
    [InlineData("/a=1\nhunter2\n", 2)]
    [InlineData("=hunter2", 1)]
    public void Read_Mistake_NamesTheLineAndShowsNothingOfIt(string text, int line)
    {
        Problem problem = Assert.Single(Read(text).Problems);

        Assert.Equal(("RF8062", $"Line {line} of --secrets=secrets is not understood"), (problem.Code, problem.What));
        Assert.DoesNotContain("hunter2", ProblemText.Render([problem]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"/a": "hunter2\ud800"}""")]
    [InlineData("""{"/a": "hunter2\u0000"}""")]
    [InlineData("/a=hunter2\0")]
    public void Read_ValueThatNoVariableHas_IsRefusedAndNotShown(string text)
    {
        Problem problem = Assert.Single(Read(text).Problems);

        Assert.Equal(("RF8062", "A value of --secrets=secrets cannot be that of a variable"), (problem.Code, problem.What));
        Assert.DoesNotContain("hunter2", ProblemText.Render([problem]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Rights are no mode there.");
        Problem problem = Assert.Single(Read("/a=1", UnixFileMode.UserRead | UnixFileMode.GroupRead).Problems);

        Assert.Equal("RF8061", problem.Code);
        Assert.StartsWith("Take it back with: chmod 600 secrets.", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsAProblem() =>
        Assert.Equal("RF8060", Assert.Single(SecretsFile.Read(_folder.At("none"), "none").Problems).Code);

    private IReadOnlyDictionary<string, string> Good(string text)
    {
        Assert.True(Read(text).TryGet(out IReadOnlyDictionary<string, string>? read, out IReadOnlyList<Problem> problems),
            ProblemText.Render(problems));
        return read;
    }

    private Result<IReadOnlyDictionary<string, string>> Read(string text, UnixFileMode mode = UnixFileMode.UserRead)
    {
        string file = _folder.At("secrets");
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, mode);
        return SecretsFile.Read(file, "secrets");
    }
}
