namespace Refrag.Core.Tests;

public sealed class ProblemTextTests
{
    [Fact]
    public void Render_ArgumentPlace_PointsUnderTheColumn()
    {
        var problem = new Problem
        {
            Code = "RF2001",
            What = "env.gpus=two is not a whole number",
            Cure = "Give a number from 0 on, such as env.gpus=2.",
            Place = new ArgumentPlace("env.gpus=two", 10, 3),
        };

        Assert.Equal(
            """
            RF2001 env.gpus=two is not a whole number
              | env.gpus=two
              |          ^^^
              cure:  Give a number from 0 on, such as env.gpus=2.
            """,
            ProblemText.Render(problem));
    }

    [Fact]
    public void Render_FilePlace_GivesPathLineAndColumn()
    {
        var problem = new Problem
        {
            Code = "RF1001",
            What = "The value is missing",
            Cause = "It is ???",
            Cure = "Set it.",
            Place = new FilePlace("conf/env/awsbatch.yaml", 14, 9, "  gpus: ???", 3),
        };

        Assert.Equal(
            """
            RF1001 The value is missing
              --> conf/env/awsbatch.yaml:14:9
              |   gpus: ???
              |         ^^^
              cause: It is ???
              cure:  Set it.
            """,
            ProblemText.Render(problem));
    }

    [Fact]
    public void Render_ControlCharacters_AreShownAsDots()
    {
        var problem = new Problem { Code = "RF1", What = "Bad", Cure = "Mend it.", Place = new ArgumentPlace("a\u001b[2Jb") };
        Assert.DoesNotContain('\u001b', ProblemText.Render(problem));
    }
}
