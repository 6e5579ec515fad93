namespace Refrag.Cli.Tests;

public sealed class ParserMessagesTests
{
    [Theory]
    [InlineData("Cannot parse argument 'two' for option '--hours' as expected type 'System.Nullable`1[System.Int32]'.",
        "--hours two is not a whole number")]
    [InlineData("Cannot parse argument 'x' for option '--max-cost' as expected type 'System.Decimal'.", "--max-cost x is not a number")]
    [InlineData("Cannot parse argument '' for option '--scale' as expected type 'System.Double'.", "--scale  is not a number")]
    [InlineData("Cannot parse argument 'no' for option '--json' as expected type 'System.Boolean'.", "--json no is not true or false")]
    [InlineData("Required argument missing for option: '--name'.", "Required argument missing for option: '--name'")]
    public void Kinder_MessageOfTheParser_NamesNoTypes(string message, string expected) =>
        Assert.Equal(expected, ParserMessages.Kinder(message));
}
