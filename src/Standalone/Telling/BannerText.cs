namespace OpenAIProxy.Standalone.Telling;

/// <summary>The words of the banner in one language.</summary>
internal sealed record BannerText(
    string Ready, string Upstream, string DemoUpstream, string Usage, string Data, string ChatLog, string OnlyHere, string Workers, string Settings,
    string Hidden, string Try, string Cost, string Stop)
{
    private static readonly BannerText English = new(
        "OpenAIProxy is ready", "upstream", "the simulator (demo)", "usage", "data",
        "chat log (requests and answers are written down)",
        "This machine alone can reach it: there is no access key. To share it, give an --access-key.",
        "--workers has no effect: one process uses all processor cores.", "Settings that are not the defaults", "(set, not shown)",
        "Try it", "What did it cost?", "Press Ctrl-C to stop.");

    private static readonly BannerText Chinese = new(
        "OpenAIProxy 已就绪", "上游", "模拟器（演示）", "用量", "数据",
        "对话日志（记录请求和响应的内容）",
        "没有设置访问密钥，因此只有本机可以访问。如需共享，请用 --access-key 设置访问密钥。",
        "--workers 不起作用：一个进程会使用所有处理器核心。", "与默认值不同的设置", "（已设置，不显示）",
        "试一试", "花了多少钱？", "按 Ctrl-C 停止。");

    /// <summary>The words in the language of the environment: <c>LC_ALL</c>, else <c>LC_MESSAGES</c>, else <c>LANG</c>.</summary>
    public static BannerText OfThisMachine() => Of(Environment.GetEnvironmentVariable);

    /// <summary>True if <c>LC_ALL</c>, else <c>LC_MESSAGES</c>, else <c>LANG</c> is Chinese.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static bool IsChinese(Func<string, string?> variable)
    {
        // The first that is set decides: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_02
        var language = ((string[])["LC_ALL", "LC_MESSAGES", "LANG"]).Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return language?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true;
    }

    internal static BannerText Of(Func<string, string?> variable) => IsChinese(variable) ? Chinese : English;
}
