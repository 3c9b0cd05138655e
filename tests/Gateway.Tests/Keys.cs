namespace OpenAIProxy.Gateway.Tests;

/// <summary>Keys that look like real ones and are found again wherever they leak to.</summary>
internal static class Keys
{
    public const string Operator = "sk-operator-T3BlbkFJoperatorsecret";
    public const string SecondOperator = "sk-operator2-T3BlbkFJsecondsecret";
    public const string Caller = "sk-caller-T3BlbkFJcallersecret";
    public const string Access = "fk-team-alpha-accesssecret";
    public const string SecondAccess = "fk-team-beta-accesssecret";
    public const string UnknownAccess = "fk-nobody-unknownsecret";
}
