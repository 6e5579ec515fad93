namespace Refrag.Aws.Tests.Settings;

/// <summary>An environment written down in a test.</summary>
internal static class TestEnvironment
{
    /// <summary>Variables as <c>A=1 B=2</c>, and the texts of both files.</summary>
    public static AwsEnvironment Make(string variables, string? config, string? credentials)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        set["HOME"] = "/home/tester";
        return new AwsEnvironment(set.GetValueOrDefault, path => path switch
        {
            "/home/tester/.aws/config" => config,
            "/home/tester/.aws/credentials" => credentials,
            _ => null,
        });
    }
}
