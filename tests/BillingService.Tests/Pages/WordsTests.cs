using System.Reflection;
using OpenAIProxy.BillingService.Pages.Texts;

namespace OpenAIProxy.BillingService.Tests.Pages;

public sealed class WordsTests
{
    private static readonly PropertyInfo[] All =
        [.. typeof(Words).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Where(p => p.PropertyType == typeof(string))];

    [Fact]
    public void Words_InEachLanguage_AreAllThere()
        => Assert.All(All, p => Assert.False(
            string.IsNullOrEmpty((string?)p.GetValue(Words.English)) || string.IsNullOrEmpty((string?)p.GetValue(Words.Chinese)), p.Name));

    [Fact]
    public void Words_InBothLanguages_HaveTheSamePlaces()
        => Assert.All(All, p => Assert.Equal(Places((string)p.GetValue(Words.English)!), Places((string)p.GetValue(Words.Chinese)!)));

    [Fact]
    public void KindsOfTokens_InBothLanguages_AreTheSameAndHaveNames()
    {
        Assert.Equal(Words.English.TokenKinds.Keys.Order(), Words.Chinese.TokenKinds.Keys.Order());
        Assert.All([.. Words.English.TokenKinds.Values, .. Words.Chinese.TokenKinds.Values], name => Assert.False(string.IsNullOrEmpty(name)));
    }

    private static string[] Places(string text) => [.. ((string[])["{0}", "{1}", "{2}", "{3}"]).Where(text.Contains)];
}
