using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Tests.Access;

public sealed class AccountPathTableTests
{
    [Theory]
    [InlineData("docs/access.md", "- the account, with all below each path:")]
    [InlineData("docs/zh-CN/access.md", "- 账户，包括其下的所有路径：")]
    public void Document_OfEachLanguage_NamesEveryClosedPath(string file, string begin)
    {
        var lines = File.ReadAllLines(Repository.PathTo(file));
        var first = Array.FindIndex(lines, l => l.StartsWith(begin, StringComparison.Ordinal));
        var named = $"{lines[first]} {lines[first + 1]}".Split('`').Where((_, i) => i % 2 == 1).Where(n => n.StartsWith('/'));

        Assert.Equal(AccountPathTable.Closed.Select(p => p.Path), named);
    }
}
