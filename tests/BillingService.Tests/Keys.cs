namespace OpenAIProxy.BillingService.Tests;

/// <summary>Credentials of all kinds. Each has a part that occurs nowhere else, to be searched for where it must not be.</summary>
internal static class Keys
{
    public const string Secret = "sk-proj-Secret0T3BlbkFJ0of0the0first0caller";
    public const string Other = "sk-Other0T3BlbkFJ0of0the0second0caller";
    public const string Session = "sess-Session0of0a0browser";
    public const string Admin = "sk-admin-Admin0of0the0organization";
    public const string Operator = "sk-Operator0T3BlbkFJ0who0pays";
}
