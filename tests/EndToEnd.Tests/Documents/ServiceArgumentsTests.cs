using OpenAIProxy.AppHost.CommandLine;
using OpenAIProxy.AppHost.Settings;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>The AppHost takes every setting of its services as an argument, and hands it on.</summary>
public sealed class ServiceArgumentsTests
{
    public static TheoryData<string> Known { get; } = [.. ServiceSetting.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Known))]
    public void Setting_ThatTheAppHostKnows_HasTheNamesThatTheServicesGiveIt(string name)
    {
        var known = ServiceSetting.All.Single(s => s.Name == name);
        var setting = Assert.Single(SettingsRow.Settings, s => s.Name == name);

        Assert.Equal(setting.Aliases, known.Aliases);
        Assert.Equal(ServiceSettings.VariableOf(setting), known.Variable);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public void Setting_OfAService_IsTakenUnderEachOfItsNames(string service)
    {
        foreach (var setting in ServiceSettings.Of(service))
        {
            foreach (var name in setting.Aliases.Append(setting.Name))
            {
                var taken = new List<(string Name, string Value)>();

                Assert.Equal(["--demo"], ServiceArguments.Take([$"--{name}=x", "--demo"], (variable, value) => taken.Add((variable, value))));
                Assert.Equal([(name.Replace(":", "__", StringComparison.Ordinal), "x")], taken);
            }
        }
    }
}
