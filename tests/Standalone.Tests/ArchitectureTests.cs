using System.Reflection;
using NetArchTest.Rules;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>What the one process is made of: it composes the two services, and nothing in it goes in a circle.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "OpenAIProxy.Standalone";

    private static readonly Assembly Program = Assembly.LoadFrom(StandaloneProcess.Program + ".dll");

    [Fact]
    public void Namespaces_HaveNoCircle() => Assert.Empty(NamespaceCircles.Find(Program, Root));

    [Fact]
    public void Simulator_IsKnownToTheDemoOnly()
    {
        var result = Types.InAssembly(Program).That().DoNotHaveNameStartingWith("Demo")
            .ShouldNot().HaveDependencyOn("OpenAIProxy.Simulator").GetResult();

        Assert.Empty(result.FailingTypeNames ?? []);
    }
}
