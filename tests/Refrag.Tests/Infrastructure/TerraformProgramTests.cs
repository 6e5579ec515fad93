using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class TerraformProgramTests
{
    [Fact]
    public void Find_NotOnPath_IsAProblemThatTellsWhereToGetIt()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "batch.tf"), "");
        Problem problem = Assert.Single(TerraformProgram.Find("/nowhere", folder.FullName).Problems);
        Assert.Equal("RF6001", problem.Code);
        Assert.Contains("Install Terraform", problem.Cure);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Find_NoConfiguration_IsAProblem() => Assert.Equal("RF6002", Assert.Single(TerraformProgram.Find("/usr/bin", "/nowhere/at/all").Problems).Code);
}
