using System.Net;

namespace Laurel.Bench;

/// <summary>Somebody with a browser, signed in with one click as in the demonstration.</summary>
internal static class Visitor
{
    public static async Task<HttpClient> SignIn(Uri address, string role)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };
        var form = await client.GetStringAsync("/sign-in");
        const string Name = "name=\"__RequestVerificationToken\" value=\"";
        var from = form.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        var token = form[from..form.IndexOf('"', from)];
        using var answer = await client.PostAsync("/demo/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["as"] = role, ["__RequestVerificationToken"] = token,
        }));
        answer.EnsureSuccessStatusCode();
        return client;
    }
}
