using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("python:3.12", true)]
    [InlineData("pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime", true)]
    [InlineData("docker.io/library/python:3.12", true)]
    [InlineData("public.ecr.aws/docker/library/python:3.12-slim", true)]
    [InlineData("nvcr.io/nvidia/pytorch:24.10-py3", true)]
    [InlineData("python@sha256:e8d3", true)]
    [InlineData("refrag:dev", false)]
    [InlineData("ghcr.io/team/refrag:1.0.0", false)]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag:1.0.0", false)]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com/jobs:1.0.0", false)]
    [InlineData("localhost/jobs", false)]
    [InlineData("registry:5000/jobs:1", false)]
    public void IsOfOthers_Name_SaysWhetherRefragIsNotToBeExpected(string image, bool isOfOthers) =>
        Assert.Equal(isOfOthers, ImageName.IsOfOthers(image));
}
