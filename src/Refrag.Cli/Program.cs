System.Console.WriteLine("hi"); return 0;
